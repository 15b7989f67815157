import assert from "node:assert/strict";
import { test } from "node:test";
import { STRETCH_BYTES, Warmth } from "./warmth.ts";

const SIZE = 2.5 * STRETCH_BYTES;

test("what was seen whole is warm for a moment, wherever in it is asked", () => {
  const warmth = new Warmth(SIZE);
  warmth.saw(STRETCH_BYTES, STRETCH_BYTES, 1000);
  for (const offset of [STRETCH_BYTES, STRETCH_BYTES + 5, 2 * STRETCH_BYTES - 1]) {
    assert.equal(warmth.holds(offset, 1, 1000), true);
    assert.equal(warmth.holds(offset, 1, 1499), true);
    assert.equal(warmth.holds(offset, 1, 1500), false);
  }
  for (const offset of [0, STRETCH_BYTES - 1, 2 * STRETCH_BYTES]) {
    assert.equal(warmth.holds(offset, 1, 1000), false);
  }
});

test("what reaches into a stretch that was not seen is not warm", () => {
  const warmth = new Warmth(SIZE);
  warmth.saw(0, 2 * STRETCH_BYTES + 7, 1000);
  assert.equal(warmth.holds(5, 2 * STRETCH_BYTES - 5, 1000), true);
  assert.equal(warmth.holds(5, 2 * STRETCH_BYTES - 4, 1000), false);
});

test("the file's end is a stretch, too", () => {
  const warmth = new Warmth(SIZE);
  warmth.saw(2 * STRETCH_BYTES, STRETCH_BYTES / 2, 1000);
  assert.equal(warmth.holds(SIZE - 1, 1, 1000), true);
});

for (const [name, offset, length] of [
  ["its beginning", STRETCH_BYTES, 5],
  ["its end", STRETCH_BYTES + 5, STRETCH_BYTES - 5],
  ["all but a byte", STRETCH_BYTES, STRETCH_BYTES - 1],
  ["nothing", STRETCH_BYTES, 0],
] as const) {
  test(`of a stretch of which ${name} was seen nothing is known`, () => {
    const warmth = new Warmth(SIZE);
    warmth.saw(offset, length, 1000);
    assert.equal(warmth.holds(STRETCH_BYTES, 1, 1000), false);
    assert.equal(warmth.holds(offset, 1, 1000), false);
  });
}

test("behind the file's end, and before anything was seen, nothing is warm", () => {
  const warmth = new Warmth(0);
  warmth.saw(0, 0, 1000);
  assert.equal(new Warmth(SIZE).holds(SIZE + STRETCH_BYTES, 1, 1000), false);
  assert.equal(new Warmth(SIZE).holds(0, 1, 1000), false);
});
