import assert from "node:assert/strict";
import { test } from "node:test";
import { least, median, ratio } from "./statistics.ts";

const MEDIANS = [
  { values: [5], expected: 5 },
  { values: [9, 1], expected: 5 },
  { values: [100, 9, 20], expected: 20 },
  { values: [4, 1, 1000, 2], expected: 3 },
];
for (const { values, expected } of MEDIANS) {
  test(`the median of ${values} is ${expected}, and the values stay as they are`, () => {
    const given = [...values];
    assert.equal(median(given), expected);
    assert.deepEqual(given, values);
  });
}

test("nothing has no median", () => assert.throws(() => median([])));

const RATIOS = [
  { own: 3, other: 2, expected: 1.5 },
  { own: 0, other: 2, expected: 0 },
  { own: null, other: 2, expected: null },
  { own: 3, other: null, expected: null },
  { own: undefined, other: 2, expected: null },
  { own: 3, other: undefined, expected: null },
  { own: 3, other: 0, expected: null },
];
for (const { own, other, expected } of RATIOS) {
  test(`${own} over ${other} is ${expected}`, () => assert.equal(ratio(own, other), expected));
}

test("the least leaves out what was not measured", () => {
  assert.equal(least([null, 3, undefined, 2, 5]), 2);
  assert.equal(least([null, undefined]), null);
  assert.equal(least([]), null);
});
