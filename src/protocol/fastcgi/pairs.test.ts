import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { encodePairs, pairText, readPairs } from "./pairs.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const long = (length: number) => "v".repeat(length);

const WIRES: [wire: string, pairs: [name: string, value: string][]][] = [
  ["", []],
  ["\0\0", [["", ""]]],
  ["\x01\x02abc", [["a", "bc"]]],
  [`\x01\x7fa${long(127)}`, [["a", long(127)]]],
  [`\x01\x80\0\0\x80a${long(128)}`, [["a", long(128)]]],
  [`\x80\0\x01\0\x01${long(256)}b`, [[long(256), "b"]]],
  [
    "\x01\0a\0\x01b",
    [
      ["a", ""],
      ["", "b"],
    ],
  ],
  [
    "\x01\x01\0\xff\x01\0\xff",
    [
      ["\0", "\xff"],
      ["\xff", ""],
    ],
  ],
];
for (const [wire, pairs] of WIRES) {
  test(`${JSON.stringify(wire.slice(0, 20))} is made and read alike`, () => {
    assert.deepEqual(readPairs(latin1(wire)), pairs);
    assert.equal(pairs.map(([name, value]) => pairText(name, value)).join(""), wire);
  });
}

test("a length may take four bytes though one would do", () => {
  assert.deepEqual(readPairs(latin1("\x80\0\0\x01\x80\0\0\x01ab")), [["a", "b"]]);
});

const CUT = [
  ...["\x01", "\x01\x01", "\x01\x01a", "\0\x01", "\x01\0", "\x80", "\x80\0\0", "\x80\0\0\0"],
  ...["\x01\x80\0\0", "\x01\x80\0\0\x01a", "\xff\xff\xff\xff\xff\xff\xff\xffab", "\x7f\x7fab"],
  ...["\xff\xff\xff\xff\0a", "\0\xff\xff\xff\xffa", "\x01\x01ab\x01", "\0\0\0"],
];
for (const wire of CUT) {
  test(`${JSON.stringify(wire)} is cut, and refused`, () => {
    const failure = readPairs(latin1(wire));
    assert.ok(failure instanceof Failure);
    assert.equal(failure.code, "fastcgiRecordMalformed");
  });
}

test("ready-made pairs are in UTF-8, and their lengths are those of the bytes", () => {
  const bytes = encodePairs([["NÄME", "€".repeat(50)]]);
  assert.deepEqual(readPairs(bytes), [
    [Buffer.from("NÄME").toString("latin1"), Buffer.from("€".repeat(50)).toString("latin1")],
  ]);
});
