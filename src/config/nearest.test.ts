import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "./nearest.ts";

const KEYS = ["address", "workers", "limits", "timeouts", "bodyBytes", "list", "to", "root"];

const CASES: [string, string | null][] = [
  ["adress", "address"],
  ["wrokers", "workers"],
  ["limit", "limits"],
  ["LIMITS", "limits"],
  ["timeout", "timeouts"],
  ["body_bytes", "bodyBytes"],
  ["body-byte", "bodyBytes"],
  ["lsit", "list"],
  ["rot", "root"],
  ["tls", null],
  ["x", null],
  ["", null],
  ["constructor", null],
  ["entirelyOther", null],
  ["a".repeat(100_000), null],
];
for (const [word, expected] of CASES) {
  test(`${word.slice(0, 20) || "nothing"} is nearest to ${expected ?? "no key"}`, () => {
    assert.equal(nearest(word, KEYS), expected);
  });
}

test("the nearer of two wins, and the first of two that are equally near", () => {
  assert.equal(nearest("commen", ["commend", "common"]), "commend");
  assert.equal(nearest("bat", ["cat", "hat"]), "cat");
  assert.equal(nearest("header", ["headers", "header"]), "header");
});

test("without candidates there is none", () => {
  assert.equal(nearest("a", []), null);
});
