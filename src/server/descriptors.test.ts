import assert from "node:assert/strict";
import { test } from "node:test";
import { descriptorBudget, openDescriptors, openFilesMaxOf, workersWithin } from "./descriptors.ts";

test("where nobody knows of a limit there is no bound", () => {
  assert.deepEqual(descriptorBudget(2, 10_000, 40, null), {
    connectionsMax: null,
    shortage: null,
    tooFew: false,
  });
});

for (const [name, workers, wanted, limit, used, expected] of [
  ["all fits", 2, 10_000, 1_048_576, 40, { fits: true, short: false, tooFew: false }],
  ["one less than wanted", 1, 100, 161, 30, { fits: false, short: true, tooFew: false }],
  [
    "no bound is asked for, and some fit",
    1,
    0,
    200,
    30,
    { fits: true, short: false, tooFew: false },
  ],
  ["none fits", 4, 100, 64, 60, { fits: false, short: true, tooFew: true }],
  [
    "none fits where no bound is asked for",
    1,
    0,
    64,
    64,
    { fits: false, short: true, tooFew: true },
  ],
] as const) {
  test(`descriptors: ${name}`, () => {
    const { connectionsMax, shortage, tooFew } = descriptorBudget(workers, wanted, used, limit);
    assert.equal(connectionsMax! >= (wanted || 4), expected.fits);
    assert.equal(shortage !== null, expected.short);
    assert.equal(tooFew, expected.tooFew);
    // What connections may take, and all else, is never more than there is.
    const others = used + workers * (openFilesMaxOf(workers, limit) + 12);
    assert.ok(others + workers * connectionsMax! <= limit || connectionsMax === 0);
  });
}

test("a shortage names the limit, what fits, what is needed, and what to do", () => {
  const { shortage } = descriptorBudget(1, 1000, 30, 256);
  assert.match(shortage!, /limited to 256: 182 connections at once fit, /);
  assert.match(shortage!, /limits\.connections = 1000 needs (\d+)\. Raise it with `ulimit -n \1` /);
});

test("where not even a few fit, what would make them fit is told", () => {
  const { shortage } = descriptorBudget(2, 1000, 40, 64);
  const least = Number(/lower `workers`: a few connections need (\d+) now/.exec(shortage!)![1]);
  assert.equal(descriptorBudget(2, 0, 40, least).tooFew, false);
  assert.equal(descriptorBudget(2, 0, 40, least - 4).tooFew, true);
});

test("a limit raised to what is needed is enough", () => {
  const { shortage } = descriptorBudget(2, 1000, 30, 256);
  const needed = Number(/ulimit -n (\d+)/.exec(shortage!)![1]);
  assert.equal(descriptorBudget(2, 1000, 30, needed).shortage, null);
  assert.notEqual(descriptorBudget(2, 1000, 30, needed - 8).shortage, null);
});

for (const [limit, workers] of [
  [null, Infinity],
  [3, 1],
  [64, 1],
  [128, 2],
  [1024, 20],
] as const) {
  test(`a limit of ${limit ?? "unknown"} has room for ${workers} workers`, () => {
    assert.equal(workersWithin(limit), workers);
  });
}

test("open descriptors are counted without the one that looks", () => {
  assert.ok(openDescriptors() >= 3);
});
