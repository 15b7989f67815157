import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedSlots, slotsWithoutWorkers } from "./shared-slots.ts";
import { SlotBoard, slotMemory } from "./slot-board.ts";
import { UNBOUND_SLOTS, type Slot } from "./slots.ts";

const LONG = { waitMs: 60_000 };
const NOW = { waitMs: 0 };

function pair(limit: number, queueMax: number): [SharedSlots, SharedSlots, SlotBoard] {
  const memory = slotMemory();
  const board = new SlotBoard(memory, 0);
  board.setBounds(limit, queueMax);
  return [new SharedSlots(memory, 1), new SharedSlots(memory, 2), board];
}

function held(slot: Slot | "full" | "late" | null): Slot {
  assert.ok(slot !== null && typeof slot !== "string", JSON.stringify(slot));
  return slot;
}

test("as many as there are are had at once, the rest in turn", async () => {
  const [one, other] = pair(2, 10);
  const first = held(one.tryTake());
  const second = held(await other.take(NOW));
  assert.deepEqual([first.index, second.index], [0, 1]);
  assert.equal(one.tryTake(), null);
  assert.equal(await other.take(NOW), "late");
  const order: string[] = [];
  const waiting = ["a", "b", "c"].map(async (name, at) => {
    const slot = held(await (at % 2 === 0 ? one : other).take(LONG));
    order.push(name);
    return slot;
  });
  second.release();
  const a = await waiting[0]!;
  assert.equal(a.index, 1);
  assert.equal(one.tryTake(), null);
  first.release();
  assert.equal((await waiting[1]!).index, 0);
  a.release();
  assert.equal((await waiting[2]!).index, 1);
  assert.deepEqual(order, ["a", "b", "c"]);
});

test("the second release gives back nothing that is another's by then", async () => {
  const [one, other] = pair(1, 1);
  const first = held(one.tryTake());
  first.release();
  held(other.tryTake());
  first.release();
  assert.equal(one.tryTake(), null);
});

test("too many in line is full", async () => {
  const [one, other] = pair(1, 1);
  const slot = held(one.tryTake());
  const waiting = other.take(LONG);
  assert.equal(await one.take(LONG), "full");
  assert.equal(await other.take(LONG), "full");
  slot.release();
  held(await waiting);
});

test("who waited too long is late, and out of the line", async () => {
  const [one, other, board] = pair(1, 1);
  const slot = held(one.tryTake());
  assert.equal(await other.take({ waitMs: 1 }), "late");
  assert.equal(board.waiting, 0);
  const waiting = other.take(LONG);
  slot.release();
  held(await waiting);
});

test("who is aborted is late: before, while it waits, and not behind that", async () => {
  const [one, other, board] = pair(1, 2);
  const slot = held(one.tryTake());
  assert.equal(await other.take({ ...LONG, signal: AbortSignal.abort() }), "late");
  const ending = new AbortController();
  const waiting = other.take({ ...LONG, signal: ending.signal });
  const next = other.take({ ...LONG, signal: new AbortController().signal });
  ending.abort();
  assert.equal(await waiting, "late");
  assert.equal(board.waiting, 1);
  slot.release();
  const had = held(await next);
  ending.abort();
  assert.equal(one.tryTake(), null);
  had.release();
  held(one.tryTake());
});

test("what is given to who is aborted in the same turn is the next one's", async () => {
  const [one, other] = pair(1, 2);
  const slot = held(one.tryTake());
  const ending = new AbortController();
  const waiting = other.take({ ...LONG, signal: ending.signal });
  const next = one.take(LONG);
  slot.release();
  ending.abort();
  assert.equal(await waiting, "late");
  held(await next);
});

for (const waitMs of [-1, Number.NaN]) {
  test(`a wait of ${waitMs} ms is none`, async () => {
    const [one, other] = pair(1, 2);
    held(one.tryTake());
    assert.equal(await other.take({ waitMs }), "late");
  });
}

for (const waitMs of [2 ** 31, Infinity]) {
  test(`a wait of ${waitMs} ms is no short one`, async () => {
    const [one, other] = pair(1, 2);
    const slot = held(one.tryTake());
    const waiting = other.take({ waitMs });
    await new Promise((resolve) => setTimeout(resolve, 5));
    slot.release();
    held(await waiting);
  });
}

test("without workers there are as many as without", async () => {
  const slots = slotsWithoutWorkers({ limit: 1, queueMax: 0 });
  const slot = held(slots.tryTake());
  assert.equal(await slots.take(LONG), "full");
  slot.release();
  held(await slots.take(NOW));
});

test("without bound everybody has one", async () => {
  const all = Array.from({ length: 2000 }, () => UNBOUND_SLOTS.tryTake());
  assert.ok(all.every((slot) => slot !== null));
  held(await UNBOUND_SLOTS.take(NOW)).release();
});
