import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestInit, TestOrder } from "../../testing/pool-worker.ts";
import { OrderFailed, WorkerGone } from "./messages.ts";
import type { PooledWorker } from "./places.ts";
import { WorkerPool } from "./worker-pool.ts";

const ENTRY = new URL("../../testing/pool-worker.ts", import.meta.url);

interface Seen {
  readonly pool: WorkerPool<TestInit>;
  /** By the nth thread. */
  readonly notes: [number, unknown][];
  readonly ended: number[];
  readonly deaths: { index: number; why: string; retryMs: number }[];
  /** Resolves when a replacement was prepared for the nth time. */
  prepared(times: number): Promise<PooledWorker>;
}

interface Given {
  readonly count?: number;
  readonly stuckMs?: number;
  init?(index: number): TestInit;
  prepare?(worker: PooledWorker): Promise<void>;
}

async function withPool(given: Given, body: (seen: Seen) => Promise<void>): Promise<void> {
  const notes: Seen["notes"] = [];
  const deaths: Seen["deaths"] = [];
  const threads: number[] = [];
  const ended: number[] = [];
  const prepared: PooledWorker[] = [];
  let tell = (): void => undefined;
  const pool = new WorkerPool<TestInit>({
    entry: ENTRY,
    count: given.count ?? 2,
    stuckMs: given.stuckMs ?? 60_000,
    init: given.init ?? (() => ({})),
    async prepare(worker) {
      await given.prepare?.(worker);
      prepared.push(worker);
      setImmediate(() => tell());
    },
    onSpawn: (threadId) => void threads.push(threadId),
    onNote: (threadId, note) => void notes.push([threads.indexOf(threadId), note]),
    onEnd: (threadId) => void ended.push(threads.indexOf(threadId)),
    onDeath: (index, why, retryMs) => void deaths.push({ index, why: why.message, retryMs }),
  });
  const seen: Seen = {
    pool,
    notes,
    deaths,
    ended,
    prepared: (times) =>
      new Promise((resolve) => {
        tell = () => prepared.length >= times && resolve(prepared[times - 1]!);
        tell();
      }),
  };
  try {
    await body(seen);
  } finally {
    await pool.terminate();
  }
}

const order = (one: TestOrder): TestOrder => one;

test("every worker takes orders in its place", async () => {
  await withPool({ count: 3, init: (index) => ({ greeting: `hello ${index}` }) }, async (seen) => {
    await seen.pool.start();
    assert.deepEqual(await seen.pool.all(order({ kind: "place" })), [
      { index: 0, greeting: "hello 0" },
      { index: 1, greeting: "hello 1" },
      { index: 2, greeting: "hello 2" },
    ]);
  });
});

test("an order that fails is told with its code, and the worker lives", async () => {
  await withPool({ count: 1 }, async ({ pool, deaths }) => {
    await pool.start();
    await assert.rejects(
      pool.all(order({ kind: "fail", code: "EADDRINUSE" })),
      (error) => error instanceof OrderFailed && error.code === "EADDRINUSE",
    );
    assert.deepEqual(await pool.all(order({ kind: "echo", value: 7 })), [7]);
    assert.deepEqual(deaths, []);
  });
});

test("notes come with the place of their worker, in order", async () => {
  await withPool({ count: 2 }, async ({ pool, notes }) => {
    await pool.start();
    const [, second] = pool.workers;
    await second!.ask(order({ kind: "note", note: "a" }));
    await second!.ask(order({ kind: "note", note: { b: 1 } }));
    assert.deepEqual(notes, [
      [1, "a"],
      [1, { b: 1 }],
    ]);
  });
});

test("a start that fails says why, and is over", async () => {
  const init = (index: number): TestInit => ({ broken: index === 1 });
  await withPool({ init }, async ({ pool, deaths }) => {
    await assert.rejects(pool.start(), /broken from the start/);
    assert.deepEqual(deaths, []);
  });
});

for (const [kind, why] of [
  ["exit", /ended by itself/],
  ["throw", /thrown as told/],
] as const) {
  test(`a worker that dies (${kind}) is replaced in its place, the others go on`, async () => {
    await withPool({ init: () => ({ greeting: "hi" }) }, async ({ pool, deaths, prepared }) => {
      await pool.start();
      const [first, second] = pool.workers;
      await assert.rejects(first!.ask(order({ kind })), WorkerGone);
      assert.deepEqual(await second!.ask(order({ kind: "echo", value: 1 })), 1);
      const replacement = await prepared(1);
      assert.equal(replacement.index, 0);
      assert.equal(replacement.restarts, 1);
      assert.deepEqual(await pool.all(order({ kind: "place" })), [
        { index: 0, greeting: "hi" },
        { index: 1, greeting: "hi" },
      ]);
      assert.equal(deaths.length, 1);
      assert.match(deaths[0]!.why, why);
      assert.equal(deaths[0]!.retryMs, 0);
    });
  });
}

test("a worker whose loop does not turn is replaced", async () => {
  await withPool({ count: 1, stuckMs: 1000 }, async ({ pool, deaths, prepared }) => {
    await pool.start();
    await assert.rejects(pool.workers[0]!.ask(order({ kind: "spin" })), WorkerGone);
    await prepared(1);
    assert.match(deaths[0]!.why, /loop has not turned for 1 s/);
    assert.deepEqual(await pool.all(order({ kind: "echo", value: 1 })), [1]);
  });
});

test("an order to all is answered by those that live", async () => {
  await withPool({ count: 2 }, async ({ pool, prepared }) => {
    await pool.start();
    const waiting = pool.all(order({ kind: "never" }));
    const [first, second] = pool.workers;
    await assert.rejects(first!.ask(order({ kind: "exit" })), WorkerGone);
    await prepared(1);
    await assert.rejects(second!.ask(order({ kind: "exit" })), WorkerGone);
    assert.deepEqual(await waiting, []);
  });
});

test("a replacement that can't be prepared is no worker, and is tried again later", async () => {
  let tries = 0;
  const prepare = async (): Promise<void> => {
    tries += 1;
    if (tries === 1) throw new Error("not yet");
  };
  await withPool({ count: 1, prepare }, async ({ pool, deaths, prepared }) => {
    await pool.start();
    await assert.rejects(pool.workers[0]!.ask(order({ kind: "exit" })), WorkerGone);
    const { restarts } = await prepared(1);
    assert.equal(restarts, 2);
    assert.deepEqual(
      deaths.map(({ why, retryMs }) => [why, retryMs]),
      [
        ["it ended by itself", 0],
        ["not yet", 100],
      ],
    );
  });
});

test("after stopReplacing a worker that dies is not replaced", async () => {
  await withPool({ count: 1 }, async ({ pool, deaths }) => {
    await pool.start();
    const [worker] = pool.workers;
    pool.stopReplacing();
    await assert.rejects(worker!.ask(order({ kind: "exit" })), WorkerGone);
    assert.deepEqual(deaths, []);
    assert.deepEqual(pool.workers, []);
    await assert.rejects(worker!.ask(order({ kind: "place" })), WorkerGone);
  });
});
