import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { HeadScanner } from "../http1/index.ts";
import { readPartHead } from "./part-head.ts";

const LIMITS = { nameBytes: 20, filenameBytes: 30 };

/** `lines` are latin1, a character a byte. */
function read(...lines: string[]) {
  const scanner = new HeadScanner({
    startLine: null,
    fieldBytesMax: 9999,
    tooLarge: "headTooLarge",
  });
  const wire = [...lines, "", ""].join("\r\n");
  assert.equal(scanner.feed(Buffer.from(wire, "latin1")), wire.length);
  return readPartHead(scanner.fields(), LIMITS);
}

function readDisposition(parameters: string) {
  const head = read(`Content-Disposition: form-data; ${parameters}`);
  if (head instanceof Failure) return head.code;
  return { name: head.name, filename: head.filename };
}

const NAMES: [parameters: string, name: string, filename: string | null][] = [
  ["name=a", "a", null],
  ['name=""', "", null],
  ['name="a"; filename=""', "a", ""],
  ["filename=f; name=a; x=y", "a", "f"],
  ['name="%22%0D%0A%0d%0a%"', '"\r\n\r\n%', null],
  ['name="%2522"', "%2522", null],
  ['name=a; filename="%22%0D%0A.txt"', "a", '"%0D%0A.txt'],
  ['name=a; filename="\xe2\x82\xac"', "a", "€"],
  ['name=a; filename="\xef\xbb\xbfx"', "a", "\ufeffx"],
  ['name=a; filename="\x80\xe9"', "a", "€é"],
  ['name=a; filename="\xc0\xaf"', "a", "À¯"],
  ["name=a; filename*=UTF-8''%e2%82%AC", "a", "€"],
  ["name=a; filename*=UTF-8'en'a%20b; filename=c", "a", "a b"],
  ["name=a; filename*=iso-8859-1''%A3", "a", "£"],
  ["name=a; filename*=UTF-8''", "a", ""],
  ["name=a; filename*=UTF-8''..%2F..%2Fb", "a", "../../b"],
  ["name*=utf-8''%C3%A4; name=a", "ä", null],
  [String.raw`name=a; filename="C:\b\c.txt"`, "a", String.raw`C:\b\c.txt`],
];
for (const [parameters, name, filename] of NAMES) {
  test(`${parameters} names the field and the file`, () => {
    assert.deepEqual(readDisposition(parameters), { name, filename });
  });
}

const MALFORMED = [
  "",
  "filename=f",
  "name=a; name=b",
  "name=a; NAME=a",
  "name=a; filename=f; filename=f",
  "name=a; filename*=UTF-8''f; filename*=UTF-8''f",
  "name=a; filename*0=f",
  "name*0=a",
  "name=a; filename*=f",
  "name=a; filename*=UTF-8'f",
  "name=a; filename*=UTF-16''f",
  `name=a; filename*="UTF-8''f"`,
  "name=a; filename*=UTF-8''%",
  "name=a; filename*=UTF-8''%4",
  "name=a; filename*=UTF-8''%4g",
  "name=a; filename*=UTF-8''%FF",
  "name=a; filename*=UTF-8''%ED%A0%80",
  "name=a; filename*=UTF-8''f%00.png",
  "name=a; filename*=UTF-8''f%0A",
  "name=a; filename*=UTF-8''%C2%85",
  "name=a; filename*=UTF-8''é",
  "name=a; filename*=UTF-8''a'b",
  'name="a',
  "name=a; filename=f g",
];
for (const parameters of MALFORMED) {
  test(`form-data; ${parameters} is malformed`, () => {
    assert.equal(readDisposition(parameters), "partHeadMalformed");
  });
}

test("names are taken up to their bounds, and no further", () => {
  const long = (bytes: number) => readDisposition(`name=${"n".repeat(bytes)}`);
  assert.deepEqual(long(20), { name: "n".repeat(20), filename: null });
  assert.equal(long(21), "partHeadTooLarge");
  assert.equal(readDisposition(`name=a; filename=${"n".repeat(31)}`), "partHeadTooLarge");
  const escaped = `name=a; filename*=UTF-8''${"%41".repeat(9)}`;
  assert.equal(readDisposition(escaped), "partHeadTooLarge");
});

const NAMED = "Content-Disposition: form-data; name=a";
const OTHERS: [lines: string[], code: string][] = [
  [[], "partHeadMalformed"],
  [["Content-Type: text/plain"], "partHeadMalformed"],
  [[NAMED, NAMED], "partHeadMalformed"],
  [["Content-Disposition: attachment; name=a"], "partHeadMalformed"],
  [["Content-Disposition: form-data"], "partHeadMalformed"],
  [["Content-Disposition:"], "partHeadMalformed"],
  [[NAMED, "Content-Type: a/b", "content-type: a/c"], "partHeadMalformed"],
  [[NAMED, "Content-Transfer-Encoding: base64"], "partEncodingUnknown"],
  [[NAMED, "Content-Transfer-Encoding: quoted-printable"], "partEncodingUnknown"],
  [[NAMED, "Content-Transfer-Encoding:"], "partEncodingUnknown"],
];
for (const [lines, code] of OTHERS) {
  test(`${JSON.stringify(lines)} is ${code}`, () => {
    const failure = read(...lines);
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, code);
  });
}

const TYPES: [line: string, contentType: string | null][] = [
  ["Content-Type: text/plain; charset=utf-8", "text/plain; charset=utf-8"],
  ["Content-Type: IMAGE/PNG", "IMAGE/PNG"],
  ["Content-Type:", null],
  ["Content-Type: text", null],
  ["Content-Type: text/", null],
  ["Content-Type: /html", null],
  ["Content-Type: text/plain, text/html", null],
  ["Content-Type: text/plain text/html", null],
  ["Content-Type: not a type", null],
];
for (const [line, contentType] of TYPES) {
  test(`${line} says ${contentType}`, () => {
    const head = read(NAMED, line, "Content-Transfer-Encoding: Binary", "X-Other: 1");
    assert.ok(!(head instanceof Failure));
    assert.equal(head.contentType, contentType);
    assert.equal(head.fields.get("x-other"), "1");
  });
}
