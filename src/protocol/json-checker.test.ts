import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { JSON_DEPTH_MAX, JsonChecker } from "./json-checker.ts";

function isJson(bytes: Uint8Array, pieceBytes = bytes.length || 1): boolean {
  const checker = new JsonChecker();
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (!checker.feed(bytes.subarray(at, at + pieceBytes))) return false;
  }
  return checker.end();
}

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

const GOOD = [
  ...["{}", "[]", "0", "-0", "1.5e+10", "1E-2", '""', "true", "false", "null", " \t\r\n1 \n"],
  ...['"\\u00e9\\n\\/"', "[[],{}]", '{"a":[1,{"b":null}],"a":2}', '"é😀"', '{"":0}', "-1.0"],
];
for (const text of GOOD) {
  test(`${JSON.stringify(text)} is a JSON text, however it is cut`, () => {
    assert.equal(isJson(Buffer.from(text)), true);
    assert.equal(isJson(Buffer.from(text), 1), true);
  });
}

const BAD = [
  ...["", " ", "{", "[", "]", "}", "[1,]", "[,1]", "{,}", '{"a"}', '{"a":}', '{"a":1,}', "{a:1}"],
  ...["01", "-", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 2", "[1 2]", "NaN", "Infinity", "tru"],
  ...["truex", "nul", "'a'", '"a', '"\\x"', '"\\u12g4"', '"\\u12"', '"a\nb"', '"\0"', "[1}", "{]"],
  ...['{"a":1]', "{1:2}", "\ufeff{}", "//", "[1]]", "{}{}", "\u00a01", '"a"b', "[1,2", '{"a":1'],
];
for (const text of BAD) {
  test(`${JSON.stringify(text)} is none`, () => {
    assert.equal(isJson(Buffer.from(text)), false);
    assert.equal(isJson(Buffer.from(text), 1), false);
  });
}

const NO_UTF8: readonly number[][] = [
  [0x22, 0xff, 0x22],
  [0x22, 0xc3, 0x22],
  [0x22, 0xed, 0xa0, 0x80, 0x22], // half of a pair
  [0x22, 0xc0, 0xaf, 0x22], // longer than needed
];
for (const bytes of NO_UTF8) {
  test(`${Buffer.from(bytes).toString("hex")} is no UTF-8`, () => {
    assert.equal(isJson(Buffer.from(bytes)), false);
    assert.equal(isJson(Buffer.from(bytes), 1), false);
  });
}

test("arrays nest to the bound and no deeper", () => {
  const nested = (depth: number) => Buffer.from("[".repeat(depth) + "]".repeat(depth));
  assert.equal(isJson(nested(JSON_DEPTH_MAX)), true);
  assert.equal(isJson(nested(JSON_DEPTH_MAX + 1)), false);
});

test("what was refused stays refused", () => {
  const checker = new JsonChecker();
  assert.equal(checker.feed(Buffer.from("}")), false);
  assert.equal(checker.feed(Buffer.from("{}")), false);
  assert.equal(checker.end(), false);
});

test("it says of every text, whole or broken, what JSON.parse says", () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]:,"\\0-+.eE tfn\n'), fc.boolean())
    .map(([text, at, character, removes]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + character + text.slice(place + (removes ? 1 : 0));
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken), fc.integer({ min: 1, max: 7 }), (text, piece) => {
      const bytes = Buffer.from(text);
      assert.equal(isJson(bytes, piece), parses(bytes), text);
    }),
    { numRuns: 2000, seed: 8259 },
  );
});
