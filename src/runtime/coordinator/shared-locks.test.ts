import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { freeLocksOf, MAIN_OWNER, SharedLocks, sharedLocksMemory } from "./shared-locks.ts";

const NOW = { waitMs: 0 };
const LONG = { waitMs: 60_000 };

function pair(): [SharedLocks, SharedLocks] {
  const memory = sharedLocksMemory();
  return [new SharedLocks(memory, 0), new SharedLocks(memory, MAIN_OWNER)];
}

test("a name that somebody has is not to be had, by its own thread neither", async () => {
  const [one, other] = pair();
  const held = await one.acquire(["a"], NOW);
  assert.notEqual(held, null);
  assert.equal(await other.acquire(["a"], NOW), null);
  assert.equal(await one.acquire(["a"], NOW), null);
  assert.equal(await other.acquire(["b", "a"], NOW), null);
  assert.notEqual(await other.acquire(["b"], NOW), null, "what was had in vain is free");
  held?.release();
  assert.notEqual(await other.acquire(["a"], NOW), null);
});

test("the second release gives back nothing that is another's by then", async () => {
  const [one, other] = pair();
  const first = await one.acquire(["a"], NOW);
  first?.release();
  assert.notEqual(await other.acquire(["a"], NOW), null);
  first?.release();
  assert.equal(await one.acquire(["a"], NOW), null);
});

test("a name given twice is taken once", async () => {
  const [one] = pair();
  assert.notEqual(await one.acquire(["a", "a"], NOW), null);
});

test("who waits gets it when it is free", async () => {
  const [one, other] = pair();
  const held = await one.acquire(["a"], NOW);
  const waiting = other.acquire(["a"], LONG);
  held?.release();
  assert.notEqual(await waiting, null);
});

test("two who want the same two names in another order both get them", async () => {
  const [one, other] = pair();
  const both = await Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const names = at % 2 === 0 ? ["a", "b"] : ["b", "a"];
      const held = await (at % 3 === 0 ? one : other).acquire(names, LONG);
      await new Promise((resolve) => setImmediate(resolve));
      held?.release();
      return held !== null;
    }),
  );
  assert.ok(both.every((had) => had));
});

test("what a worker had that is gone is free, and what others have is not", async () => {
  const memory = sharedLocksMemory();
  const [gone, other] = [new SharedLocks(memory, 3), new SharedLocks(memory, 4)];
  await gone.acquire(["a", "b"], NOW);
  await other.acquire(["c"], NOW);
  const waiting = other.acquire(["a"], LONG);
  freeLocksOf(memory, 3);
  assert.notEqual(await waiting, null);
  assert.notEqual(await other.acquire(["b"], NOW), null);
  assert.equal(await other.acquire(["c"], NOW), null);
});

// Each adds to a plain number, by reading and writing it: without the lock additions are lost.
const COUNTING = `
const { workerData } = require("node:worker_threads");
import(workerData.module).then(async ({ SharedLocks }) => {
  const locks = new SharedLocks(workerData.memory, workerData.owner);
  const awake = setInterval(() => {}, 1000); // to wait for a lock keeps no thread alive
  for (let round = 0; round < 500; round += 1) {
    const held = await locks.acquire(["count"], { waitMs: 60000 });
    const seen = workerData.count[0];
    await new Promise((resolve) => setImmediate(resolve));
    workerData.count[0] = seen + 1;
    held.release();
  }
  clearInterval(awake);
});
`;

test("threads never have a name at once", async () => {
  const memory = sharedLocksMemory();
  const count = new Int32Array(new SharedArrayBuffer(4));
  const module = new URL("./shared-locks.ts", import.meta.url).href;
  const workers = [0, 1, 2].map(
    (owner) => new Worker(COUNTING, { eval: true, workerData: { module, memory, owner, count } }),
  );
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  assert.equal(count[0], 1500);
});
