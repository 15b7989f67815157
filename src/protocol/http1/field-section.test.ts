import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit, parseRequests } from "../../testing/index.ts";

const HOST = "Host: a.example\r\n";
const VIOLATIONS = {
  headTooLarge: [
    `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(256)}\r\n\r\n`,
    `GET / HTTP/1.1\r\n${"n".repeat(256)}`,
    `GET / HTTP/1.1\r\n${HOST}${"A: b\r\n".repeat(50)}\r\n`,
    `GET / HTTP/1.1\r\n${HOST}A:${" ".repeat(256)}`,
  ],
  lineEndMalformed: [
    "\rGET / HTTP/1.1\r\n",
    "\r\r\n",
    "GET / HTTP/1.1\r\n\n",
    `GET / HTTP/1.1\r\n${HOST}\n`,
    `GET / HTTP/1.1\r\n${HOST}\r\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X: a\nY: b\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X: a\rY: b\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X: a\r\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X:\n\r\n`,
  ],
  lineFolded: [
    `GET / HTTP/1.1\r\n ${HOST}\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X: a\r\n\tb\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST} \r\n\r\n`,
  ],
  fieldNameMalformed: [
    `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X\t: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X A: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X(: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X\xe9: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X\x00: a\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}\x00`,
    `GET / HTTP/1.1\r\n${HOST}X\r\n\r\n`,
    `GET / HTTP/1.1\r\n${HOST}X\n`,
    `PUT / HTTP/1.1\r\n${HOST}Content-Length : 1\r\n\r\n`,
  ],
  fieldValueMalformed: ["\x00", "\x01", "\x0b", "\x0c", "\x1b", "\x7f"].map(
    (byte) => `GET / HTTP/1.1\r\n${HOST}X: a${byte}b\r\n\r\n`,
  ),
};
for (const [code, wires] of Object.entries(VIOLATIONS)) {
  for (const wire of wires) {
    test(`${JSON.stringify(wire)} is ${code}, and nothing behind it is read`, () => {
      const notes = everySplit(`${wire}GET /b HTTP/1.1\r\n${HOST}\r\n`, parseRequests);
      assert.equal(notes.violation, code);
      assert.ok(notes.heads.every(({ method }) => method !== "GET"));
      assert.equal(notes.step, "dead");
    });
  }
}

test("the last byte of the limit is taken, and no more", () => {
  const rest = `${HOST}X: \r\n\r\n`.length;
  const head = (bytes: number): string =>
    `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(bytes - rest)}\r\n\r\n`;
  assert.equal(everySplit(head(256), parseRequests).violation, null);
  assert.equal(everySplit(head(257), parseRequests).violation, "headTooLarge");
});

test("blanks around a value are no part of it, those inside are", () => {
  const wire = `GET / HTTP/1.1\r\n${HOST}A:\t  b\t c \t\r\nB: \t \r\nC:\r\nD:a:b::c\r\n\r\n`;
  assert.deepEqual(everySplit(wire, parseRequests).heads[0]!.fields.slice(1), [
    ["A", "b\t c"],
    ["B", ""],
    ["C", ""],
    ["D", "a:b::c"],
  ]);
});
