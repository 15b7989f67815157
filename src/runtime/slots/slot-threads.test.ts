// Threads that take and release as fast as they can, and threads that are ended while they do.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { SharedSlots } from "./shared-slots.ts";
import { SlotBoard, type SlotMemory } from "./slot-board.ts";
import { SlotTables } from "./slot-tables.ts";

const MODULES = JSON.stringify({
  slots: new URL("./shared-slots.ts", import.meta.url).href,
  board: new URL("./slot-board.ts", import.meta.url).href,
});

// `holders` says who uses a place: written behind the taking and before the release, so that it
// shows no more than is taken.
const HAMMER = `
  const { parentPort, threadId, workerData } = require("node:worker_threads");
  const { memory, holders, queueMax, rounds, takers } = workerData;
  const modules = ${MODULES};
  Promise.all([import(modules.slots), import(modules.board)]).then(async ([shared, boards]) => {
    const slots = new shared.SharedSlots(memory);
    const board = new boards.SlotBoard(memory, threadId);
    const seen = { taken: 0, full: 0, late: 0, wrong: 0 };
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const taker = async (number) => {
      for (let round = 0; round < rounds; round += 1) {
        const waitMs = (round + number) % 7 === 0 ? 0.5 : 60000;
        const slot = slots.tryTake() ?? (await slots.take({ waitMs }));
        if (board.waiting > queueMax) seen.wrong += 1;
        if (typeof slot === "string") {
          if (slot === "full") seen.full += 1;
          else if (waitMs > 1) seen.late += 1;
          await turn();
          continue;
        }
        seen.taken += 1;
        if (Atomics.compareExchange(holders, slot.index, 0, threadId) !== 0) seen.wrong += 1;
        if (round % 3 === 0) await turn();
        else if (round % 3 === 1) await null;
        if (Atomics.compareExchange(holders, slot.index, threadId, 0) !== threadId) seen.wrong += 1;
        slot.release();
      }
    };
    const awake = setInterval(() => {}, 1000);
    parentPort.postMessage("begins");
    await Promise.all(Array.from({ length: takers }, (_, number) => taker(number)));
    clearInterval(awake);
    parentPort.postMessage(seen);
  });`;

interface Seen {
  readonly taken: number;
  readonly full: number;
  readonly late: number;
  readonly wrong: number;
}

interface Ring {
  readonly tables: SlotTables;
  readonly memory: SlotMemory;
  readonly limit: number;
  readonly queueMax: number;
  readonly holders: Int32Array;
}

function ring(limit: number, queueMax: number): Ring {
  const tables = new SlotTables();
  const memory = tables.prepare(new Map([["a", { limit, queueMax }]])).get("a")!;
  // One more than there may be: an index beyond the limit is nobody's.
  const holders = new Int32Array(new SharedArrayBuffer(4 * limit));
  return { tables, memory, limit, queueMax, holders };
}

function hammer(of: Ring, rounds: number, takers: number): Worker {
  const { memory, holders, queueMax } = of;
  return new Worker(HAMMER, {
    eval: true,
    workerData: { memory, holders, queueMax, rounds, takers },
  });
}

/** What it saw, when it has done all its rounds. */
async function done(worker: Worker): Promise<Seen> {
  for (;;) {
    const [said] = (await once(worker, "message")) as [Seen | "begins"];
    if (said !== "begins") return said;
  }
}

function assertFree({ memory, limit, tables }: Ring): void {
  tables.adopt();
  assert.equal(new SlotBoard(memory, 0).waiting, 0);
  const slots = new SharedSlots(memory, 0);
  const indices = Array.from({ length: limit + 1 }, () => slots.tryTake()?.index ?? -1);
  assert.deepEqual(indices, [...Array.from({ length: limit }, (_, index) => index), -1]);
}

for (const { limit, queueMax, takers } of [
  { limit: 1, queueMax: 4000, takers: 8 },
  { limit: 3, queueMax: 4000, takers: 8 },
  { limit: 2, queueMax: 5, takers: 8 },
]) {
  test(`three threads keep to ${limit} at once, and ${queueMax} in line`, async () => {
    const of = ring(limit, queueMax);
    const all = await Promise.all([1, 2, 3].map(() => done(hammer(of, 300, takers))));
    for (const seen of all) {
      assert.deepEqual([seen.wrong, seen.late], [0, 0]);
      if (queueMax > 100) assert.equal(seen.full, 0);
    }
    assertFree(of);
  });
}

test("threads that are ended wherever they are take nothing along", async () => {
  const of = ring(2, 4000);
  const living = [1, 2].map(() => done(hammer(of, 3000, 6)));
  let isOver = false;
  const survivors = Promise.all(living).finally(() => (isOver = true));
  let ended = 0;
  for (; ended < 12 || (!isOver && ended < 100); ended += 1) {
    const mortal = hammer(of, 1_000_000, 6);
    const { threadId } = mortal;
    await once(mortal, "message");
    await new Promise((resolve) => setTimeout(resolve, ended % 5));
    await mortal.terminate();
    // It is gone, and so is its use of what it had.
    for (const index of of.holders.keys()) Atomics.compareExchange(of.holders, index, threadId, 0);
    of.tables.ownerGone(threadId);
  }
  for (const seen of await survivors) assert.deepEqual([seen.wrong, seen.late], [0, 0]);
  assertFree(of);
});
