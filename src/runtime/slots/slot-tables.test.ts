import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedSlots } from "./shared-slots.ts";
import { SlotBoard } from "./slot-board.ts";
import { SlotTables } from "./slot-tables.ts";

const LONG = { waitMs: 60_000 };

function boundsOf(
  places: Record<string, number>,
): Map<string, { limit: number; queueMax: number }> {
  return new Map(Object.entries(places).map(([place, limit]) => [place, { limit, queueMax: 5 }]));
}

test("each place has memory of its own, and only those that are bound", () => {
  const tables = new SlotTables();
  const memories = tables.prepare(boundsOf({ a: 1, b: 1 }));
  assert.deepEqual([...memories.keys()], ["a", "b"]);
  const [a, b] = ["a", "b"].map((place) => new SharedSlots(memories.get(place)!, 1));
  assert.notEqual(a!.tryTake(), null);
  assert.notEqual(b!.tryTake(), null);
  assert.equal(a!.tryTake(), null);
});

test("a reload keeps what is taken, and its bounds hold when it is adopted", async () => {
  const tables = new SlotTables();
  const before = tables.prepare(boundsOf({ a: 1 })).get("a")!;
  tables.adopt();
  const one = new SharedSlots(before, 1);
  assert.equal(one.tryTake()?.index, 0);
  const waiting = one.take(LONG);
  const after = tables.prepare(boundsOf({ a: 2 })).get("a")!;
  assert.equal(after, before);
  assert.equal(new SlotBoard(before, 0).waiting, 1, "not yet");
  tables.adopt();
  const slot = await waiting;
  assert.ok(typeof slot !== "string");
  assert.equal(slot.index, 1);
});

test("a config that nobody adopted changes nothing", () => {
  const tables = new SlotTables();
  const memory = tables.prepare(boundsOf({ a: 1 })).get("a")!;
  tables.prepare(boundsOf({ a: 5, b: 1 }));
  tables.prepare(boundsOf({ a: 1 }));
  tables.adopt();
  const one = new SharedSlots(memory, 1);
  assert.deepEqual([one.tryTake()?.index, one.tryTake()], [0, null]);
});

test("a route that went and came again has its old requests count", () => {
  const tables = new SlotTables();
  const before = tables.prepare(boundsOf({ a: 1 })).get("a")!;
  const slot = new SharedSlots(before, 1).tryTake();
  tables.prepare(boundsOf({}));
  tables.adopt();
  const after = new SharedSlots(tables.prepare(boundsOf({ a: 1 })).get("a")!, 2);
  tables.adopt();
  assert.equal(after.tryTake(), null);
  slot?.release();
  assert.notEqual(after.tryTake(), null);
});

test("what a thread had that is gone is others', of places that went, too", async () => {
  const tables = new SlotTables();
  const memories = tables.prepare(boundsOf({ a: 1, b: 1 }));
  const others = ["a", "b"].map((place) => {
    const memory = memories.get(place)!;
    const gone = new SharedSlots(memory, 7);
    assert.notEqual(gone.tryTake(), null);
    void gone.take({ waitMs: Infinity });
    return new SharedSlots(memory, 8).take(LONG);
  });
  tables.prepare(boundsOf({}));
  tables.adopt();
  tables.ownerGone(9);
  tables.ownerGone(7);
  for (const slot of await Promise.all(others)) assert.ok(typeof slot !== "string");
});

test("who stands in the way is waited for without blocking", async () => {
  const tables = new SlotTables();
  const memory = tables.prepare(boundsOf({ a: 1 })).get("a")!;
  const one = new SharedSlots(memory, 7);
  assert.notEqual(one.tryTake(), null);
  const waiting = new SharedSlots(memory, 8).take(LONG);
  const words = new Int32Array(memory);
  words[0] = 6; // the lock is thread 5's, which is gone, but nobody knows yet
  tables.ownerGone(7);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(words[0], 6);
  tables.ownerGone(5);
  assert.ok(typeof (await waiting) !== "string");
});
