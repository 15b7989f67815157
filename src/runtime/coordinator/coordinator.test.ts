import assert from "node:assert/strict";
import { test } from "node:test";
import { Coordinator } from "./coordinator.ts";
import type { Take } from "./messages.ts";

/** A coordinator of owners 1 to 3, and what it posted: `1:7 granted`, `2:8 full`. */
function coordinatorOf() {
  const posted: string[] = [];
  const coordinator = new Coordinator((owner, message) => {
    const what = message.kind === "granted" ? "granted" : message.why;
    posted.push(`${owner}:${message.id} ${what}`);
  });
  for (const owner of [1, 2, 3]) coordinator.ownerCame(owner);
  const take = (owner: number, id: number, more: Partial<Take> = {}): void => {
    const lease = { name: "a", limit: 1, queueMax: 1000, waits: true };
    coordinator.receive(owner, { kind: "take", id, ...lease, ...more });
  };
  const leave = (owner: number, id: number): void => {
    coordinator.receive(owner, { kind: "leave", id });
  };
  return {
    coordinator,
    take,
    leave,
    gone: (owner: number) => coordinator.ownerGone(owner),
    posted,
  };
}

type Bench = ReturnType<typeof coordinatorOf>;

const ORDERS: { name: string; acts: (bench: Bench) => void; posted: string[] }[] = [
  {
    name: "whoever comes first holds it, the next gets it at release, in order",
    acts: ({ take, leave }) => {
      take(1, 1);
      take(2, 1);
      take(3, 1);
      take(1, 2);
      leave(1, 1);
      leave(2, 1);
      leave(3, 1);
    },
    posted: ["1:1 granted", "2:1 granted", "3:1 granted", "1:2 granted"],
  },
  {
    name: "another name is another lease",
    acts: ({ take }) => {
      take(1, 1);
      take(2, 1, { name: "b" });
    },
    posted: ["1:1 granted", "2:1 granted"],
  },
  {
    name: "who would not wait is denied at once, and has no place in the queue",
    acts: ({ take, leave }) => {
      take(1, 1);
      take(2, 1, { waits: false });
      leave(1, 1);
      take(3, 1, { waits: false });
    },
    posted: ["1:1 granted", "2:1 late", "3:1 granted"],
  },
  {
    name: "a second release frees nothing of the next holder",
    acts: ({ take, leave }) => {
      take(1, 1);
      take(2, 1);
      leave(1, 1);
      leave(1, 1);
      take(3, 1);
    },
    posted: ["1:1 granted", "2:1 granted"],
  },
  {
    name: "nobody releases what another holds",
    acts: ({ take, leave }) => {
      take(1, 1);
      take(2, 5);
      leave(2, 1);
      leave(3, 1);
    },
    posted: ["1:1 granted"],
  },
  {
    name: "who leaves the queue is passed over",
    acts: ({ take, leave }) => {
      take(1, 1);
      take(2, 1);
      take(3, 1);
      leave(2, 1);
      leave(1, 1);
    },
    posted: ["1:1 granted", "3:1 granted"],
  },
  {
    name: "death frees a lease for the next in line",
    acts: ({ take, gone }) => {
      take(1, 1);
      take(2, 1);
      gone(1);
    },
    posted: ["1:1 granted", "2:1 granted"],
  },
  {
    name: "the dead one's own waits are gone before anybody is served",
    acts: ({ take, gone }) => {
      take(1, 1);
      take(1, 2);
      take(1, 3);
      take(2, 1);
      gone(1);
    },
    posted: ["1:1 granted", "2:1 granted"],
  },
  {
    name: "what arrives from a dead one does nothing",
    acts: ({ take, leave, gone }) => {
      take(1, 1);
      take(2, 1);
      gone(1);
      leave(1, 1);
      take(1, 2);
      take(1, 3, { name: "b" });
      gone(1);
      take(3, 1, { name: "b" });
      take(3, 2);
    },
    posted: ["1:1 granted", "2:1 granted", "3:1 granted"],
  },
  {
    name: "a stranger is not heard",
    acts: ({ take }) => take(9, 1),
    posted: [],
  },
  {
    name: "death in the queue leaves the holder alone",
    acts: ({ take, leave, gone }) => {
      take(1, 1);
      take(2, 1);
      take(3, 1);
      gone(2);
      leave(1, 1);
    },
    posted: ["1:1 granted", "3:1 granted"],
  },
  {
    name: "as many hold slots as there are, and as many wait as may",
    acts: ({ take, leave }) => {
      for (const id of [1, 2, 3, 4]) take(1, id, { limit: 2, queueMax: 1 });
      leave(1, 2);
      take(1, 5, { limit: 2, queueMax: 1 });
    },
    posted: ["1:1 granted", "1:2 granted", "1:4 full", "1:3 granted"],
  },
  {
    name: "without a queue, slots are had or full",
    acts: ({ take }) => {
      take(1, 1, { limit: 1, queueMax: 0 });
      take(2, 1, { limit: 1, queueMax: 0 });
    },
    posted: ["1:1 granted", "2:1 full"],
  },
  {
    name: "a raised limit lets in who waits, before who raised it",
    acts: ({ take }) => {
      take(1, 1);
      take(2, 1);
      take(3, 1, { limit: 3 });
    },
    posted: ["1:1 granted", "2:1 granted", "3:1 granted"],
  },
  {
    name: "a limit raised by who would not wait lets it in behind those who did",
    acts: ({ take }) => {
      take(1, 1);
      take(2, 1);
      take(3, 1, { limit: 3, waits: false });
      take(3, 2, { limit: 3, waits: false });
    },
    posted: ["1:1 granted", "2:1 granted", "3:1 granted", "3:2 late"],
  },
  {
    name: "a limit raised by who would not wait lets in those who did first",
    acts: ({ take }) => {
      take(1, 1);
      take(2, 1);
      take(3, 1, { limit: 2, waits: false });
    },
    posted: ["1:1 granted", "2:1 granted", "3:1 late"],
  },
  {
    name: "a lowered limit lets nobody in until enough have left",
    acts: ({ take, leave }) => {
      take(1, 1, { limit: 2 });
      take(2, 1, { limit: 2 });
      take(3, 1, { limit: 1 });
      leave(1, 1);
      leave(2, 1);
    },
    posted: ["1:1 granted", "2:1 granted", "3:1 granted"],
  },
];
for (const { name, acts, posted } of ORDERS) {
  test(name, () => {
    const bench = coordinatorOf();
    acts(bench);
    assert.deepEqual(bench.posted, posted);
  });
}

test("names that nobody holds or waits for take no memory", () => {
  const { coordinator, take, leave, gone } = coordinatorOf();
  for (let id = 0; id < 100; id += 1) take(1 + (id % 2), id, { name: `n${id % 60}` });
  take(3, 1, { limit: 0, queueMax: 0, name: "never" });
  assert.equal(coordinator.names, 60);
  for (let id = 0; id < 100; id += 1) leave(1, id);
  gone(2);
  assert.equal(coordinator.names, 0);
});
