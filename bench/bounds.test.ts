import assert from "node:assert/strict";
import { test } from "node:test";
import { complaintsAbout, readBounds } from "./bounds.ts";
import type { Result } from "./results.ts";
import { ROWS } from "./rows.ts";

function result(name: string, ...runs: Record<string, number | null>[]): Result {
  const row = { name, title: name, unit: "µs", isRatio: name === "two-workers" };
  return { row, runs: runs.map((figures) => new Map(Object.entries(figures))) };
}

const GOOD = [
  { name: "1kb", figures: { portico: 11, nginx: 10 } },
  { name: "1kb", figures: { portico: 5, nginx: 10, lighttpd: 1 } },
  { name: "1kb", figures: { portico: 50, nginx: null } },
  { name: "1kb", figures: { nginx: 10 } },
  { name: "two-workers", figures: { portico: 1.1, nginx: 0.5 } },
];
const BOUNDS = { "1kb": 1.1, "1kb to best": 8, "1kb to fastify": 0.1, "two-workers": 1.1 };
for (const { name, figures } of GOOD) {
  test(`${name} with ${JSON.stringify(figures)} is within its bound`, () => {
    assert.deepEqual(complaintsAbout([result(name, figures)], BOUNDS), []);
  });
}

const BAD = [
  {
    name: "1kb",
    figures: { portico: 11.1, nginx: 10 },
    words: "1kb: 1.11 is over its bound of 1.10",
  },
  {
    name: "1kb",
    figures: { portico: 10, nginx: 10, "nginx-nosendfile": 5 },
    words: "1kb: 2.00 is over its bound of 1.10",
  },
  {
    name: "1kb",
    figures: { portico: 10, nginx: 10, lighttpd: 1 },
    words: "1kb to best: 10.00 is over its bound of 8.00",
  },
  {
    name: "1kb",
    figures: { portico: 10, nginx: 10, fastify: 90 },
    words: "1kb to fastify: 0.11 is over its bound of 0.10",
  },
  {
    name: "two-workers",
    figures: { portico: 1.2 },
    words: "two-workers: 1.20 is over its bound of 1.10",
  },
  {
    name: "new",
    figures: { portico: 1, nginx: 10 },
    words: "new: 0.10, and bench/bounds.json has no bound for it",
  },
];
for (const { name, figures, words } of BAD) {
  test(`${name} with ${JSON.stringify(figures)}: ${words}`, () => {
    assert.deepEqual(complaintsAbout([result(name, figures)], BOUNDS), [words]);
  });
}

test("one bad run among good ones is no complaint, two are", () => {
  const [good, bad] = [
    { portico: 10, nginx: 10 },
    { portico: 20, nginx: 10 },
  ];
  assert.equal(complaintsAbout([result("1kb", good, bad, good)], BOUNDS).length, 0);
  assert.equal(complaintsAbout([result("1kb", bad, good, bad)], BOUNDS).length, 1);
});

const ABOVE = { "app-session above app-async": 15 };
for (const { session, other, complaints } of [
  { session: 23, other: 8, complaints: [] },
  {
    session: 23.1,
    other: 8,
    complaints: ["app-session above app-async: 15.10 is over its bound of 15.00"],
  },
  { session: 30, other: null, complaints: [] },
]) {
  test(`a session at ${session} beside ${other}: ${complaints.length} complaints`, () => {
    const results = [
      result("app-async", { portico: other }),
      result("app-session", { portico: session }),
    ];
    assert.deepEqual(complaintsAbout(results, ABOVE), complaints);
  });
}

test("every row has a bound, and every bound a row", () => {
  const bounded = Object.keys(readBounds()).map((key) => key.split(/ to | above /u)[0]!);
  assert.deepEqual([...new Set(bounded)].sort(), ROWS.map(({ name }) => name).sort());
});
