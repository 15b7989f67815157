import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { readField, readStatus, readStatusLine } from "./lines.ts";

const FIELDS: [line: string, name: string, value: string][] = [
  ["Status: 404 Not Found", "Status", "404 Not Found"],
  ["x:", "x", ""],
  ["x:\t a:b \t", "x", "a:b"],
  ["x:\xa0\xe9\xa0", "x", "\xa0\xe9\xa0"],
  ["X-`|~!#$%&'*+.^_-1:y\tz", "X-`|~!#$%&'*+.^_-1", "y\tz"],
];
for (const [line, name, value] of FIELDS) {
  test(`${JSON.stringify(line)} is a field`, () => {
    assert.deepEqual(readField(line), [name, value]);
  });
}

const NO_FIELDS = [
  ...["x", ":", ": y", "x : y", " x: y", "\tx: y", "x y: z", "x\xe9: y", "(x): y", "<b>x</b>: y"],
  ...["x: \0", "x: \r", "x: \ry", "x: \x1b[0m", "x: \x7f", "x\0: y", "HTTP/1.1: y"],
];
for (const line of NO_FIELDS) {
  test(`${JSON.stringify(line)} is no field`, () => {
    const failure = readField(line);
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, "cgiHeadMalformed");
  });
}

const STATUSES: [text: string, status: number][] = [
  ["200", 200],
  ["599 ", 599],
  ["404\tNot Found", 404],
  ["404 \xe9", 404],
];
for (const [text, status] of STATUSES) {
  test(`${JSON.stringify(text)} is status ${status}`, () => assert.equal(readStatus(text), status));
}

const NO_STATUSES = [
  ...["", " 200", "OK", "99", "100", "199", "600", "999", "20", "2000", "200OK", "200-", "200\xa0"],
  ...["+200", "-200", "2e2", "0x2", "20\xb2", "200 a\0b", "200 \x1b[0m", "200\r"],
];
for (const text of NO_STATUSES) {
  test(`${JSON.stringify(text)} is no status`, () => {
    assert.ok(readStatus(text) instanceof Failure);
  });
}

test("a first line as servers send it says the status", () => {
  assert.equal(readStatusLine("HTTP/1.1 404 Not Found"), 404);
  assert.equal(readStatusLine("HTTP/1.0 200"), 200);
});

for (const line of ["HTTP/1.1 ", "HTTP/1.1 100 Continue", "HTTP/1.1  200", "HTTP/1.1 200 \0"]) {
  test(`${JSON.stringify(line)} is a status line without a usable status`, () => {
    assert.ok(readStatusLine(line) instanceof Failure);
  });
}

for (const line of ["HTTP/1.1", "HTTP/2 200", "HTTP/1.10 200", "http/1.1 200", " HTTP/1.1 200"]) {
  test(`${JSON.stringify(line)} is no status line`, () => assert.equal(readStatusLine(line), null));
}

test("a line that is no field is quoted for the log, bounded and without controls", () => {
  const failure = readField(`Can't locate \x1b[1m ${"x".repeat(999)}`);
  assert.ok(failure instanceof Failure);
  assert.match(failure.detail, /^no field: "Can't locate \\u001b\[1m x{100,}…"$/u);
  assert.ok(failure.detail.length < 300);
});
