import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { memoryLimits, watchMemory } from "./memory-watch.ts";

const MIB = 1024 * 1024;

/** Has `bytes` in buffers, by pieces of 1 MiB, and never waits again. */
const HOARDER = `
const { workerData } = require("node:worker_threads");
const kept = [];
for (let at = 0; at < workerData; at += ${MIB}) kept.push(Buffer.alloc(${MIB}, 1));
for (;;) if (kept.length < 0) break;
`;

function hoarder(bytes: number): Worker {
  return new Worker(HOARDER, { eval: true, workerData: bytes });
}

test("a worker that never waits is found by what its buffers hold", async () => {
  const worker = hoarder(80 * MIB);
  const reason = await new Promise<Error>((resolve) => watchMemory(worker, 64 * MIB, resolve));
  assert.equal(reason.message, "it has more memory than 64 MiB");
  await worker.terminate();
});

test("a worker within its bound, and one that has ended, are nobody's business", async () => {
  const over: Error[] = [];
  const small = hoarder(MIB);
  const large = hoarder(80 * MIB);
  watchMemory(small, 64 * MIB, (reason) => over.push(reason));
  watchMemory(large, 64 * MIB, (reason) => over.push(reason));
  await large.terminate();
  const seen = hoarder(80 * MIB);
  await new Promise<Error>((resolve) => watchMemory(seen, 64 * MIB, resolve));
  assert.deepEqual(over, []);
  await Promise.all([small.terminate(), seen.terminate()]);
});

test("V8's own bound lies beyond ours; without ours it is V8's to choose", () => {
  assert.ok(memoryLimits(64 * MIB).maxOldGenerationSizeMb! > 64);
  assert.deepEqual(memoryLimits(Infinity), {});
});
