import assert from "node:assert/strict";
import { test } from "node:test";
import { mutated } from "./mutate.ts";
import { Random } from "./random.ts";

const SEEDS = ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST /1 HTTP/1.1\r\nHost: b\r\n\r\nx"].map(
  (text) => Buffer.from(text),
);

function mutantsOf(seed: number, count: number): string[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => mutated(SEEDS, random).toString("latin1"));
}

test("the same seed makes the same mutants, another seed others", () => {
  assert.deepEqual(mutantsOf(1, 200), mutantsOf(1, 200));
  assert.notDeepEqual(mutantsOf(1, 200), mutantsOf(2, 200));
});

test("mutants are many, are mostly changed, and none is empty or endless", () => {
  const mutants = mutantsOf(3, 2000);
  const originals = SEEDS.map((seed) => seed.toString("latin1"));
  assert.ok(new Set(mutants).size > 1500);
  assert.ok(mutants.filter((mutant) => originals.includes(mutant)).length < 200);
  assert.ok(mutants.every((mutant) => mutant.length > 0 && mutant.length <= 64 * 1024));
});

test("seeds are left as they are", () => {
  const before = SEEDS.map(String);
  mutantsOf(4, 500);
  assert.deepEqual(SEEDS.map(String), before);
});

test("random numbers fill their range evenly", () => {
  const random = new Random(5);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let time = 0; time < 10_000; time += 1) {
    const number = random.below(10);
    counts[number] = counts[number]! + 1;
  }
  assert.ok(
    counts.every((count) => count > 800 && count < 1200),
    counts.join(),
  );
});
