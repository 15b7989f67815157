import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { SharedCounts, sharedCountsMemory } from "./shared-counts.ts";

/** A view for each of `workers` on one table. */
function viewsOf(workers: number, clientsMax?: number): SharedCounts[] {
  const memory = sharedCountsMemory(workers, clientsMax);
  return Array.from({ length: workers }, (_, worker) => new SharedCounts(memory, worker));
}

test("a client is held to its bound over all workers", () => {
  const [one, two, three] = viewsOf(3) as [SharedCounts, SharedCounts, SharedCounts];
  assert.equal(one.enter("192.0.2.1", 2), "counted");
  assert.equal(two.enter("192.0.2.1", 2), "counted");
  assert.equal(three.enter("192.0.2.1", 2), "refused");
  assert.equal(one.enter("192.0.2.1", 2), "refused");
  assert.equal(three.enter("192.0.2.2", 2), "counted");
  two.leave("192.0.2.1");
  assert.equal(three.enter("192.0.2.1", 2), "counted");
  assert.deepEqual([one.countOf("192.0.2.1"), one.countOf("192.0.2.3")], [2, 0]);
});

test("a bound of nothing lets nobody in, and takes no slot", () => {
  const [view] = viewsOf(1);
  assert.equal(view!.enter("a", 0), "refused");
  assert.equal(view!.countOf("a"), 0);
});

test("leaving where nothing was counted takes nothing off others", () => {
  const [one, two] = viewsOf(2) as [SharedCounts, SharedCounts];
  one.enter("a", 5);
  two.leave("a");
  two.leave("b");
  assert.equal(one.countOf("a"), 1);
});

test("what a dead worker counted is forgotten, what others counted is not", () => {
  const [main, dead] = viewsOf(2) as [SharedCounts, SharedCounts];
  for (let time = 0; time < 3; time += 1) dead.enter("a", 9);
  dead.enter("b", 9);
  main.enter("a", 9);
  main.forgetWorker(1);
  assert.deepEqual([main.countOf("a"), main.countOf("b")], [1, 0]);
  main.leave("a");
  assert.equal(main.countOf("a"), 0);
});

test("a full table refuses nobody, and says so once", () => {
  const memory = sharedCountsMemory(2, 16);
  let told = 0;
  const views = [0, 1].map((worker) => new SharedCounts(memory, worker, () => (told += 1)));
  const entries = Array.from({ length: 100 }, (_, client) => {
    const view = views[client % 2]!;
    return { view, client: `c${client}`, entry: view.enter(`c${client}`, 1) };
  });
  const counted = entries.filter(({ entry }) => entry === "counted");
  assert.equal(
    entries.length - counted.length,
    entries.filter((e) => e.entry === "uncounted").length,
  );
  assert.ok(counted.length >= 16 && counted.length <= 32, String(counted.length));
  assert.equal(told, 1);
  for (const { view, client } of counted) {
    assert.equal(view.enter(client, 1), "refused");
    view.leave(client);
    assert.equal(view.countOf(client), 0);
  }
  assert.equal(views[0]!.enter("late", 1), "counted");
});

test("as many clients as the table is for find a slot", () => {
  const [view] = viewsOf(1, 8192);
  for (let client = 0; client < 8192; client += 1) {
    assert.equal(view!.enter(`192.0.2.${client}`, 1), "counted");
  }
});

test("another table has another seed", () => {
  const seeds = [0, 1].map(() => new Int32Array(sharedCountsMemory(1)).slice(4, 8).join());
  assert.notEqual(seeds[0], seeds[1]);
});

for (const workers of [0, -1, 1025, Number.NaN]) {
  test(`${workers} workers have no table`, () => {
    assert.throws(() => sharedCountsMemory(workers), RangeError);
  });
}

for (const worker of [-1, 2, Number.NaN]) {
  test(`worker ${worker} of two has no view`, () => {
    assert.throws(() => new SharedCounts(sharedCountsMemory(2), worker), RangeError);
  });
}

const STEP = fc.record({
  act: fc.constantFrom("enter", "enter", "enter", "leave", "leave", "die"),
  worker: fc.nat(2),
  client: fc.nat(5),
  countMax: fc.integer({ min: 1, max: 4 }),
});

test("any order of entering, leaving and dying counts as a plain table does", () => {
  fc.assert(
    fc.property(fc.array(STEP, { maxLength: 120 }), (steps) => {
      const views = viewsOf(3);
      const model = new Map<string, number>(); // "worker client"
      const total = (client: number): number =>
        [0, 1, 2].reduce((sum, worker) => sum + (model.get(`${worker} ${client}`) ?? 0), 0);
      for (const { act, worker, client, countMax } of steps) {
        const key = `${worker} ${client}`;
        const own = model.get(key) ?? 0;
        if (act === "enter") {
          const expected = total(client) < countMax ? "counted" : "refused";
          assert.equal(views[worker]!.enter(`c${client}`, countMax), expected);
          if (expected === "counted") model.set(key, own + 1);
        } else if (act === "leave") {
          views[worker]!.leave(`c${client}`);
          model.set(key, Math.max(0, own - 1));
        } else {
          views[0]!.forgetWorker(worker);
          for (let each = 0; each <= 5; each += 1) model.delete(`${worker} ${each}`);
        }
        for (let each = 0; each <= 5; each += 1) {
          assert.equal(views[0]!.countOf(`c${each}`), total(each));
        }
      }
    }),
  );
});

const MODULE = new URL("./shared-counts.ts", import.meta.url).href;
// A gauge beside the table, higher only behind an entry and lower before leaving: it shows at any
// moment no more than the table counts.
const HAMMER = `
  const { parentPort, workerData: { memory, gaugeMemory, worker, countMax, rounds, together } } =
    require("node:worker_threads");
  import(${JSON.stringify(MODULE)}).then(({ SharedCounts }) => {
    const view = new SharedCounts(memory, worker);
    const gauge = new Int32Array(gaugeMemory, 4);
    const ready = new Int32Array(gaugeMemory, 0, 1);
    let counted = 0, worst = 0;
    parentPort.postMessage("started");
    Atomics.add(ready, 0, 1);
    while (Atomics.load(ready, 0) < together) Atomics.wait(ready, 0, -1, 0);
    for (let round = 0; round < rounds; round += 1) {
      const client = round % gauge.length;
      if (view.enter("c" + client, countMax) !== "counted") continue;
      counted += 1;
      worst = Math.max(worst, Atomics.add(gauge, client, 1) + 1);
      Atomics.sub(gauge, client, 1);
      view.leave("c" + client);
    }
    parentPort.postMessage({ counted, worst });
  });`;

const CLIENTS = 2;

/** A thread that enters and leaves; it begins when `together` of one gauge are there. */
function hammer(
  worker: number,
  memory: SharedArrayBuffer,
  rounds: number,
  { gauge = newGauge(), together = 1 } = {},
): Worker {
  const workerData = { memory, gaugeMemory: gauge, worker, countMax: 1, rounds, together };
  return new Worker(HAMMER, { eval: true, workerData });
}

function newGauge(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (1 + CLIENTS));
}

async function result(worker: Worker): Promise<{ counted: number; worst: number }> {
  for (;;) {
    const [message] = (await once(worker, "message")) as [unknown];
    if (message !== "started") return message as { counted: number; worst: number };
  }
}

test("threads that hammer on it never pass a bound, and leave nothing behind", async () => {
  const memory = sharedCountsMemory(4);
  const gauge = newGauge();
  const workers = [0, 1, 2, 3].map((worker) =>
    hammer(worker, memory, 50_000, { gauge, together: 4 }),
  );
  const results = await Promise.all(workers.map(result));
  for (const { counted, worst } of results) assert.ok(counted > 0 && worst === 1);
  const view = new SharedCounts(memory, 0);
  for (let client = 0; client < CLIENTS; client += 1) assert.equal(view.countOf(`c${client}`), 0);
  await Promise.all(workers.map((worker) => worker.terminate()));
});

test("a thread that is ended at any moment holds nobody up", async () => {
  const memory = sharedCountsMemory(3);
  const steady = hammer(0, memory, 20_000);
  const steadyDone = result(steady);
  const view = new SharedCounts(memory, 2);
  for (let life = 0; life < 8; life += 1) {
    const doomed = hammer(1, memory, 1e9);
    await once(doomed, "message");
    await doomed.terminate();
    view.forgetWorker(1);
  }
  assert.ok((await steadyDone).counted > 0);
  for (let client = 0; client < CLIENTS; client += 1) assert.equal(view.countOf(`c${client}`), 0);
  await steady.terminate();
});

test("a lock whose holder is dead is broken, a live one's is not", async () => {
  const memory = sharedCountsMemory(3);
  const words = new Int32Array(memory);
  const view = new SharedCounts(memory, 0);
  words[0] = 2; // worker 1 was ended while it held the lock
  view.forgetWorker(2);
  assert.equal(words[0], 2);
  view.forgetWorker(1);
  assert.equal(words[0], 0);
  assert.equal(view.enter("a", 1), "counted");
});

test("who waits for a dead one's lock goes on when it is broken", async () => {
  const memory = sharedCountsMemory(3);
  new Int32Array(memory)[0] = 3;
  const waiting = hammer(0, memory, 100);
  await once(waiting, "message");
  const done = result(waiting);
  new SharedCounts(memory, 1).forgetWorker(2);
  assert.ok((await done).counted === 100);
  await waiting.terminate();
});
