import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Failure } from "../base/failure.ts";
import { segmentsOf } from "./segments.ts";

const GOOD: readonly [path: string, names: string[]][] = [
  ["", []],
  ["a.txt", ["a.txt"]],
  ["a/b/c", ["a", "b", "c"]],
  ["a/", ["a", ""]],
  [".well-known/acme", [".well-known", "acme"]],
  ["a..b/c.", ["a..b", "c."]],
  ["\\..\\a", ["\\..\\a"]],
  ["ünï cödé", ["ünï cödé"]],
  ["%2e%2e", ["%2e%2e"]],
  ["a".repeat(255), ["a".repeat(255)]],
];
for (const [path, names] of GOOD) {
  test(`${JSON.stringify(path.slice(0, 40))} is ${names.length} names`, () => {
    assert.deepEqual(segmentsOf(path), names);
  });
}

const BAD = [
  "/",
  "/a",
  "//",
  "a//b",
  "a//",
  ".",
  "..",
  "../a",
  "a/../b",
  "a/..",
  "a/./b",
  "./a",
  "...",
  "..;/a",
  "../../../../etc/passwd",
  ".env",
  ".git/config",
  "a/.hidden/b",
  ".well-known2",
  ".well-known/.hidden",
  "a\0",
  "a\0.html",
  "..\0/a",
  "..%2f..%2fetc",
  "a%2Fb",
  "a".repeat(256),
  "é".repeat(128),
  `a/${"b".repeat(256)}/c`,
];
for (const path of BAD) {
  test(`${JSON.stringify(path.slice(0, 40))} names nothing`, () => {
    const found = segmentsOf(path);
    assert.ok(found instanceof Failure);
    assert.equal(found.code, "notFound");
  });
}

test("no path of dots, slashes and letters climbs", () => {
  const piece = fc.constantFrom("..", ".", "/", "a", "%2e", "%2f", "\\", "\0", ".well-known");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const names = segmentsOf(pieces.join(""));
      if (names instanceof Failure) return;
      assert.ok(names.every((name) => name !== "." && name !== ".." && !name.includes("/")));
      assert.ok(!names.slice(0, -1).includes(""));
    }),
    { numRuns: 300 },
  );
});
