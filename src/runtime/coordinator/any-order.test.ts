// Random walks: acts in any order, held to what can be told from outside.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Coordinator } from "./coordinator.ts";
import type { FromCoordinator } from "./messages.ts";

const STEP = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("take" as const),
      owner: fc.nat(2),
      name: fc.constantFrom("a", "b"),
      limit: fc.integer({ min: 1, max: 3 }),
      queueMax: fc.nat(3),
      waits: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant("leave" as const), nth: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("die" as const), owner: fc.nat(2) }) },
);

type State = "waiting" | "held" | "denied" | "left";
interface Wish {
  readonly owner: number;
  readonly id: number;
  readonly name: string;
  state: State;
}

/** What can be told from outside: who asked, what was answered, and what that has to keep to. */
class Watch {
  readonly wishes: Wish[] = [];
  readonly limits = new Map<string, number>();
  readonly alive = [0, 1, 2];
  readonly coordinator = new Coordinator((owner, message) => this.#onPost(owner, message));
  #nextOwner = 3;
  #fence = 0;

  constructor() {
    for (const owner of this.alive) this.coordinator.ownerCame(owner);
  }

  in(name: string, state: State): Wish[] {
    return this.wishes.filter((wish) => wish.name === name && wish.state === state);
  }

  take(wish: {
    owner: number;
    name: string;
    limit: number;
    queueMax: number;
    waits: boolean;
  }): void {
    const owner = this.alive[wish.owner]!;
    const { name, limit, queueMax, waits } = wish;
    const id = this.wishes.length;
    const before = this.limits.get(name) ?? limit;
    const [held, waiting] = [this.in(name, "held").length, this.in(name, "waiting").length];
    const mine: Wish = { owner, id, name, state: "waiting" };
    this.wishes.push(mine);
    this.limits.set(name, limit);
    this.coordinator.receive(owner, { kind: "take", id, name, limit, queueMax, waits });
    if (limit > before) return; // others were let in first; `check` sees to the rest
    const expected =
      held < limit && waiting === 0 ? "held" : waits && waiting < queueMax ? "waiting" : "denied";
    assert.equal(mine.state, expected);
  }

  leave(nth: number): void {
    const wish = this.wishes[nth % Math.max(1, this.wishes.length)];
    if (wish === undefined) return;
    if (wish.state !== "denied") wish.state = "left";
    this.coordinator.receive(wish.owner, { kind: "leave", id: wish.id });
  }

  die(at: number): void {
    const owner = this.alive[at]!;
    for (const wish of this.wishes) if (wish.owner === owner) wish.state = "left";
    this.alive[at] = this.#nextOwner;
    this.#nextOwner += 1;
    this.coordinator.ownerGone(owner);
    this.coordinator.ownerCame(this.alive[at]);
  }

  check(): void {
    for (const name of ["a", "b"]) {
      const waiting = this.in(name, "waiting").length;
      const held = this.in(name, "held").length;
      if (waiting > 0)
        assert.ok(held >= this.limits.get(name)!, "nobody waits while there is room");
      if (waiting + held === 0) this.limits.delete(name);
    }
  }

  #onPost(owner: number, message: FromCoordinator): void {
    const wish = this.wishes[message.id]!;
    assert.equal(wish.owner, owner);
    assert.ok(this.alive.includes(owner), "nothing goes to the dead");
    assert.equal(wish.state, "waiting", "one answer a wish");
    if (message.kind === "denied") {
      wish.state = "denied";
      return;
    }
    assert.equal(this.in(wish.name, "waiting")[0], wish, "first come, first served");
    assert.ok(this.in(wish.name, "held").length < this.limits.get(wish.name)!, "within the limit");
    assert.ok(message.fence > this.#fence, "fences grow");
    this.#fence = message.fence;
    wish.state = "held";
  }
}

test("whatever happens in whatever order, the rules hold", () => {
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 60 }), (steps) => {
      const watch = new Watch();
      for (const step of steps) {
        if (step.act === "take") watch.take(step);
        else if (step.act === "leave") watch.leave(step.nth);
        else watch.die(step.owner);
        watch.check();
      }
      for (const at of [0, 1, 2]) watch.die(at);
      assert.equal(watch.coordinator.names, 0);
    }),
    { numRuns: 500 },
  );
});
