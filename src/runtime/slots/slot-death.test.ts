// A thread may be ended at any instruction. Here it ends before each word that it would have
// written: its calls on Atomics throw from the n-th on, and nothing here catches that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SlotBoard, slotMemory } from "./slot-board.ts";

const LIMIT = 2;
const LINE = 4;
const [MAIN, DYING, OTHER] = [0, 1, 2] as const;

class Death extends Error {}

interface Scene {
  readonly main: SlotBoard;
  readonly dying: SlotBoard;
  readonly other: SlotBoard;
  /** What the other thread waits at. */
  readonly line: number[];
  /** What the other thread has. */
  readonly held: Set<number>;
}

/** Has `act` end before its n-th call on Atomics. Returns whether it came to that. */
function endingAt(nth: number, act: () => void): boolean {
  const plain = { ...Object.fromEntries(NAMES.map((name) => [name, Atomics[name]])) };
  let calls = 0;
  for (const name of NAMES) {
    const call = Atomics[name] as (...given: unknown[]) => unknown;
    Object.assign(Atomics, {
      [name]: (...given: unknown[]) => {
        calls += 1;
        if (calls >= nth) throw new Death();
        return call(...given);
      },
    });
  }
  try {
    act();
    return false;
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    return true;
  } finally {
    Object.assign(Atomics, plain);
  }
}

const NAMES = ["add", "compareExchange", "exchange", "load", "notify", "store", "sub"] as const;

function scene(): Scene {
  const memory = slotMemory();
  const [main, dying, other] = [MAIN, DYING, OTHER].map((owner) => new SlotBoard(memory, owner));
  main!.setBounds(LIMIT, LINE);
  return { main: main!, dying: dying!, other: other!, line: [], held: new Set() };
}

const ACTS: readonly { name: string; begin(scene: Scene): () => void }[] = [
  {
    name: "takes what is free",
    begin:
      ({ dying }) =>
      () =>
        void dying.tryTake(),
  },
  {
    name: "releases what nobody waits for",
    begin: ({ dying }) => {
      dying.tryTake();
      return () => dying.release(0);
    },
  },
  {
    name: "releases what others wait for",
    begin: ({ dying, other, line, held }) => {
      dying.tryTake();
      held.add(other.tryTake());
      line.push(other.enqueue(), other.enqueue(), other.enqueue());
      return () => dying.release(0);
    },
  },
  {
    name: "gets in line behind others",
    begin: ({ dying, other, line, held }) => {
      held.add(other.tryTake());
      dying.tryTake();
      line.push(other.enqueue());
      return () => void dying.enqueue();
    },
  },
  {
    name: "gets in line, and others behind it",
    begin: ({ dying, other, line, held }) => {
      held.add(other.tryTake());
      dying.tryTake();
      dying.enqueue();
      line.push(other.enqueue());
      return () => void dying.enqueue();
    },
  },
  {
    name: "gets in line where a place is free",
    begin:
      ({ dying }) =>
      () =>
        void dying.enqueue(),
  },
  {
    name: "picks up what it was given",
    begin: ({ dying, other, line, held }) => {
      held.add(other.tryTake());
      held.add(other.tryTake());
      const entry = dying.enqueue();
      line.push(other.enqueue());
      other.release(0);
      held.delete(0);
      return () => assert.equal(dying.pickUp(entry), 0);
    },
  },
  {
    name: "leaves the line",
    begin: ({ dying, other, line, held }) => {
      held.add(other.tryTake());
      dying.tryTake();
      const entry = dying.enqueue();
      line.push(other.enqueue());
      return () => dying.leave(entry);
    },
  },
  {
    name: "leaves the line with a place",
    begin: ({ dying, other, line, held }) => {
      held.add(other.tryTake());
      dying.tryTake();
      const entry = dying.enqueue();
      line.push(other.enqueue());
      other.release(0);
      held.delete(0);
      return () => dying.leave(entry);
    },
  },
];

/** Nothing is lost, and nothing is anybody's twice: all others get in, and then all is free. */
function settle({ main, other, line, held }: Scene): void {
  const waiting = [...line];
  for (let turns = 0; turns < 20; turns += 1) {
    for (const entry of [...waiting]) {
      const place = other.pickUp(entry);
      if (place < 0) continue;
      assert.ok(!held.has(place), `${place} is taken`);
      held.add(place);
      waiting.splice(waiting.indexOf(entry), 1);
    }
    assert.ok(held.size <= LIMIT);
    const [place] = held;
    if (place !== undefined) other.release(place);
    held.delete(place!);
  }
  assert.deepEqual([waiting, main.waiting], [[], 0]);
  assert.deepEqual([other.tryTake(), other.tryTake(), other.tryTake()], [0, 1, -1]);
  const entries = Array.from({ length: LINE + 1 }, () => other.enqueue());
  assert.deepEqual(entries.map((entry) => entry < 0).indexOf(true), LINE);
}

for (const { name, begin } of ACTS) {
  test(`a thread that ends while it ${name} leaves nothing behind`, () => {
    let deaths = 0;
    for (let nth = 1; ; nth += 1) {
      const place = scene();
      const act = begin(place);
      if (!endingAt(nth, act)) break;
      deaths += 1;
      assert.ok(place.main.forget(DYING));
      settle(place);
    }
    assert.ok(deaths > 1, `${deaths}`);
  });
}

test("what came free while others wait is not for who comes", () => {
  const place = scene();
  const { dying, other, main, line, held } = place;
  dying.tryTake();
  held.add(other.tryTake());
  line.push(other.enqueue());
  assert.ok(
    endingAt(2, () => dying.release(0)),
    "it is free, and the line not looked at",
  );
  assert.equal(other.tryTake(), -1);
  assert.ok(main.forget(DYING));
  settle(place);
});

test("the main thread waits for nobody, and goes on when it knows who is gone", () => {
  const place = scene();
  const { dying, main } = place;
  dying.tryTake();
  dying.tryTake();
  let nth = 1;
  // As far as it gets with the lock and no further.
  while (endingAt(nth, () => void dying.enqueue()) && main.tend()) nth += 1;
  assert.equal(main.tend(), false);
  assert.equal(main.forget(OTHER), false);
  assert.ok(main.forget(DYING));
  assert.ok(main.forget(OTHER));
  assert.ok(main.tend());
  settle(place);
});
