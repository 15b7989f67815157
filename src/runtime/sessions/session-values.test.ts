import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, changed, checkUser, valuesOf, valuesText } from "./session-values.ts";

const ODD = ["", "__proto__", "a\0b", '"', "\\", "\ud800", "\u2028", "[", "1"];

test("values come back as they were, under any keys", () => {
  const values = new Map(ODD.map((key, at) => [key, JSON.stringify({ [key]: at })]));
  assert.deepEqual(valuesOf(valuesText(values)), values);
  assert.deepEqual(valuesOf(valuesText(new Map())), new Map());
});

test("a change is of its keys alone, and leaves what it is made of", () => {
  const before = new Map([["a", "1"]]);
  const values = new Map([...ODD.map((key): [string, string] => [key, "2"]), ["gone", null]]);
  const after = changed(before, { values });
  assert.deepEqual(after, new Map([["a", "1"], ...ODD.map((key) => [key, "2"] as const)]));
  assert.deepEqual(before, new Map([["a", "1"]]));
  assert.deepEqual(changed(before, { values: new Map([["a", null]]) }), new Map());
});

for (const [key, value, user, bytes] of [
  ["k", "1", null, 4],
  ["k", "1", "ann", 7],
  ["ü", '"ü"', "ü", 4 + 4 + 2],
  ['"', "null", null, 4 + 4],
] as const) {
  test(`${key} and ${value} of ${user} are ${bytes} bytes`, () => {
    assert.equal(bytesOf(new Map([[key, value]]), user), bytes);
  });
}

test("users whose names some store would take for another's are none", () => {
  for (const user of ["\ud800", "a\udc00", "\0", "ann\0"]) {
    assert.throws(() => checkUser(user), TypeError);
  }
  for (const user of [undefined, null, "", "ann", "\u{1f600}"]) checkUser(user);
});
