import assert from "node:assert/strict";
import { test } from "node:test";
import { FieldLines } from "./field-lines.ts";

const TEXT = "Via: a|via:b|VIA:|^~_: c";
const LINES = new FieldLines(TEXT, [0, 3, 5, 6, 7, 10, 11, 12, 13, 16, 17, 17, 18, 21, 23, 24]);

test("a name is found in any case, its values joined in order", () => {
  assert.equal(LINES.get("via"), "a, b, ");
  assert.deepEqual(LINES.all("via"), ["a", "b", ""]);
  assert.equal(LINES.has("via"), true);
});

test("entries keep the order and the sender's spelling", () => {
  assert.deepEqual(
    [...LINES.entries()],
    [
      ["Via", "a"],
      ["via", "b"],
      ["VIA", ""],
      ["^~_", "c"],
    ],
  );
});

test("letters alone have two cases", () => {
  assert.equal(LINES.get("^~_"), "c");
  for (const name of ["~~_", "^^_", "^~\x7f"]) assert.equal(LINES.get(name), null);
});

test("what is not there is null, not empty", () => {
  for (const name of ["vi", "viab", "vib", ""]) {
    assert.equal(LINES.get(name), null);
    assert.equal(LINES.has(name), false);
    assert.deepEqual(LINES.all(name), []);
  }
});

test("no lines have no entries", () => {
  assert.deepEqual([...new FieldLines("", []).entries()], []);
});

test("names of every length are told apart, those 32 apart in length too", () => {
  const names = Array.from({ length: 70 }, (_, length) => "x".repeat(length + 1));
  for (const present of names) {
    const fields = new FieldLines(`${present}: v`, [
      0,
      present.length,
      present.length + 2,
      present.length + 3,
    ]);
    for (const name of names) {
      assert.equal(fields.get(name), name === present ? "v" : null);
      assert.equal(fields.has(name), name === present);
    }
  }
});
