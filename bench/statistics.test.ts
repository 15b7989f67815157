import assert from "node:assert/strict";
import { test } from "node:test";
import { least, median, percentile, ratio } from "./statistics.ts";

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

const HUNDRED = Array.from({ length: 100 }, (_, at) => 100 - at);
const PERCENTILES = [
  { values: HUNDRED, percent: 99, expected: 99 },
  { values: HUNDRED, percent: 100, expected: 100 },
  { values: HUNDRED, percent: 0, expected: 1 },
  { values: [7], percent: 99, expected: 7 },
  { values: [1, 9, 5], percent: 50, expected: 5 },
];
for (const { values, percent, expected } of PERCENTILES) {
  test(`of ${values.length} values, ${percent} of 100 are not above ${expected}`, () => {
    assert.equal(percentile(values, percent), expected);
  });
}

test("nothing has no percentile", () => assert.throws(() => percentile([], 99)));

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
