import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SLOTS_MAX, SlotBoard, slotMemory, WAITING_MAX } from "./slot-board.ts";

/** Views of as many threads on one memory with these bounds. */
function boards(count: number, limit: number, queueMax: number): SlotBoard[] {
  const memory = slotMemory();
  const views = Array.from({ length: count }, (_, owner) => new SlotBoard(memory, owner));
  views[0]!.setBounds(limit, queueMax);
  return views;
}

test("the lowest place that is free is given, and none twice", () => {
  const [one, two] = boards(2, 3, 5) as [SlotBoard, SlotBoard];
  assert.deepEqual([one.tryTake(), two.tryTake(), one.tryTake()], [0, 1, 2]);
  assert.deepEqual([one.tryTake(), two.tryTake()], [-1, -1]);
  one.release(0);
  two.release(1);
  assert.deepEqual([two.tryTake(), one.tryTake(), one.tryTake()], [0, 1, -1]);
});

test("who waits is served in the order they came, whoever they are", () => {
  const [one, two, three] = boards(3, 1, 5) as [SlotBoard, SlotBoard, SlotBoard];
  assert.equal(one.tryTake(), 0);
  const line = [two.enqueue(), three.enqueue(), two.enqueue(), one.enqueue()];
  const owners = [two, three, two, one];
  let holder = one;
  for (const [at, owner] of owners.entries()) {
    const seen = line.map((entry, of) => (of < at ? -1 : owners[of]!.pickUp(entry)));
    assert.deepEqual(seen, [-1, -1, -1, -1], "nobody is served while it is taken");
    holder.release(0);
    for (const board of owners) assert.equal(board.tryTake(), -1, "who comes passes nobody");
    assert.equal(owner.pickUp(line[at]!), 0);
    holder = owner;
  }
});

test("the line is bounded, and who was served makes room in it", () => {
  const [one, two] = boards(2, 1, 2) as [SlotBoard, SlotBoard];
  one.tryTake();
  const first = one.enqueue();
  assert.ok(first >= 0 && two.enqueue() >= 0);
  assert.deepEqual([one.enqueue(), two.enqueue(), one.waiting], [-1, -1, 2]);
  one.release(0);
  assert.ok(two.enqueue() >= 0, "the first has its place, though it has not looked");
  assert.equal(two.enqueue(), -1);
  assert.equal(one.pickUp(first), 0);
});

test("nobody waits where nobody may", () => {
  const [one] = boards(1, 1, 0) as [SlotBoard];
  assert.equal(one.tryTake(), 0);
  assert.equal(one.enqueue(), -1);
});

test("who gets in line while a place is free has it at once", () => {
  const [one, two] = boards(2, 2, 2) as [SlotBoard, SlotBoard];
  one.tryTake();
  assert.equal(two.pickUp(two.enqueue()), 1);
});

test("who leaves the line is not served; who leaves with a place frees it for the next", () => {
  const [one, two] = boards(2, 1, 5) as [SlotBoard, SlotBoard];
  one.tryTake();
  const [left, given, next] = [two.enqueue(), two.enqueue(), one.enqueue()];
  two.leave(left);
  one.release(0);
  two.leave(given);
  assert.equal(one.pickUp(next), 0);
  assert.deepEqual([one.waiting, two.tryTake()], [0, -1]);
  one.release(0);
  assert.equal(two.tryTake(), 0);
});

test("a change is told when a place is given, and when the line is left", async () => {
  const [one, two] = boards(2, 1, 5) as [SlotBoard, SlotBoard];
  one.tryTake();
  const [first, second] = [two.enqueue(), two.enqueue()];
  const given = two.change(first);
  const left = two.change(second);
  one.release(0);
  two.leave(second);
  await given;
  await left;
  assert.equal(two.change(first), null, "there is nothing to wait for");
  assert.equal(two.pickUp(first), 0);
});

test("more places let in who waits; fewer hold for who comes", () => {
  const [main, two] = boards(2, 1, 5) as [SlotBoard, SlotBoard];
  assert.equal(two.tryTake(), 0);
  const waiting = two.enqueue();
  main.setBounds(3, 5);
  assert.ok(main.tend());
  assert.equal(two.pickUp(waiting), 1);
  assert.equal(two.tryTake(), 2);
  main.setBounds(1, 1);
  two.release(2);
  assert.equal(two.tryTake(), -1, "the first is taken, and there is no other");
  two.release(0);
  assert.deepEqual([two.tryTake(), two.tryTake()], [0, -1]);
  two.release(1);
  assert.equal(two.tryTake(), -1);
});

for (const [limit, queueMax] of [
  [0, 1],
  [-1, 1],
  [SLOTS_MAX + 1, 1],
  [Number.NaN, 1],
  [1, -1],
  [1, WAITING_MAX + 1],
  [1, Number.NaN],
] as const) {
  test(`${limit} places and ${queueMax} in line are no bounds`, () => {
    assert.throws(() => boards(1, limit, queueMax), RangeError);
  });
}

test("the largest bounds hold", () => {
  const [one] = boards(1, SLOTS_MAX, WAITING_MAX) as [SlotBoard];
  for (let place = 0; place < SLOTS_MAX; place += 1) assert.equal(one.tryTake(), place);
  const line = Array.from({ length: WAITING_MAX }, () => one.enqueue());
  assert.equal(one.enqueue(), -1);
  for (let place = 0; place < SLOTS_MAX; place += 1) one.release(place);
  assert.ok(one.enqueue() >= 0);
  assert.deepEqual(
    line.slice(0, SLOTS_MAX).map((entry) => one.pickUp(entry)),
    Array.from({ length: SLOTS_MAX }, (_, place) => place),
  );
});

const STEP = fc.record({
  act: fc.constantFrom(
    "take",
    "wait",
    "wait",
    "look",
    "look",
    "release",
    "release",
    "leave",
    "die",
  ),
  owner: fc.nat(2),
  which: fc.nat(20),
});

interface Waiting {
  readonly owner: number;
  readonly entry: number;
}

/** What a plain list would say of who has what. */
class Model {
  readonly holders = new Map<number, number>(); // by place
  readonly line: Waiting[] = [];
  readonly given = new Map<Waiting, number>();
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  free(): number {
    const taken = new Set([...this.holders.keys(), ...this.given.values()]);
    for (let place = 0; place < this.limit; place += 1) if (!taken.has(place)) return place;
    return -1;
  }

  serve(): void {
    for (let place = this.free(); place >= 0 && this.line.length > 0; place = this.free()) {
      this.given.set(this.line.shift()!, place);
    }
  }
}

test("any order of taking, waiting, leaving and dying goes as with a plain list", () => {
  fc.assert(
    fc.property(
      fc.array(STEP, { maxLength: 150 }),
      fc.integer({ min: 1, max: 3 }),
      (steps, limit) => {
        const views = boards(4, limit, 4);
        const model = new Model(limit);
        for (const { act, owner, which } of steps) {
          const board = views[owner]!;
          const places = [...model.holders]
            .filter(([, of]) => of === owner)
            .map(([place]) => place);
          const entries = [...model.line, ...model.given.keys()].filter((w) => w.owner === owner);
          const place = places[which % places.length];
          const waiting = entries[which % entries.length];
          if (act === "take") {
            const expected = model.line.length > 0 ? -1 : model.free();
            assert.equal(board.tryTake(), expected);
            if (expected >= 0) model.holders.set(expected, owner);
          } else if (act === "wait") {
            const entry = board.enqueue();
            assert.equal(entry < 0, model.line.length === 4);
            if (entry >= 0) model.line.push({ owner, entry });
          } else if (act === "look" && waiting !== undefined) {
            const expected = model.given.get(waiting) ?? -1;
            assert.equal(board.pickUp(waiting.entry), expected);
            if (model.given.delete(waiting)) model.holders.set(expected, owner);
          } else if (act === "release" && place !== undefined) {
            board.release(place);
            model.holders.delete(place);
          } else if (act === "leave" && waiting !== undefined) {
            board.leave(waiting.entry);
            if (!model.given.delete(waiting)) model.line.splice(model.line.indexOf(waiting), 1);
          } else if (act === "die") {
            assert.ok(views[3]!.forget(owner));
            for (const held of places) model.holders.delete(held);
            for (const left of entries) {
              if (!model.given.delete(left)) model.line.splice(model.line.indexOf(left), 1);
            }
          }
          model.serve();
          assert.equal(board.waiting, model.line.length);
        }
      },
    ),
  );
});
