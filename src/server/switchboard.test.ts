import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../base/clock.ts";
import { AccountClient, CoordinatorClient, EventsClient, SharedSlots } from "../runtime/index.ts";
import { SESSION_STORE_SETTINGS, withTemporaryFolder } from "../testing/index.ts";
import type { Order } from "./orders.ts";
import { Switchboard } from "./switchboard.ts";

/** A worker's clients on `board`, and how it takes orders. */
function workerOn(board: Switchboard, threadId: number) {
  const coordinator = new CoordinatorClient((message) =>
    board.receive(threadId, { kind: "coordinator", message }),
  );
  const account = new AccountClient((message) =>
    board.receive(threadId, { kind: "account", message }),
  );
  const events = new EventsClient(systemClock, (message) =>
    board.receive(threadId, { kind: "event", message }),
  );
  const tell = (order: Order): void => {
    if (order.kind === "coordinator") coordinator.receive(order.message);
    else if (order.kind === "account") account.receive(order.message);
    else assert.fail(order.kind);
  };
  return { coordinator, account, events, tell };
}

async function withBoard(
  use: (
    board: Switchboard,
    workers: Map<number, ReturnType<typeof workerOn>>,
    folder: string,
  ) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const nothing = (): void => {};
    const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    const workers = new Map<number, ReturnType<typeof workerOn>>();
    const board = new Switchboard(log, (threadId, order) => workers.get(threadId)!.tell(order));
    await board.start(folder, SESSION_STORE_SETTINGS);
    for (const threadId of [1, 2]) {
      workers.set(threadId, workerOn(board, threadId));
      board.workerCame(threadId);
    }
    await use(board, workers, folder);
    await board.stop(5000);
  });
}

test("leases and accounts hold over all workers, and each hears its own answers", async () => {
  await withBoard(async (_, workers, folder) => {
    const [one, two] = [workers.get(1)!, workers.get(2)!];
    const asked = [one, two].map(({ account }) => account.reserve(folder, 60, 100));
    assert.deepEqual(await Promise.all(asked), [true, false]);
    assert.ok((await one.coordinator.acquire("a", { waitMs: 0 })) !== null);
    assert.equal(await two.coordinator.acquire("a", { waitMs: 0 }), null);
  });
});

test("what a worker held is free when it is gone", async () => {
  await withBoard(async (board, workers, folder) => {
    const [one, two] = [workers.get(1)!, workers.get(2)!];
    assert.equal(await one.account.reserve(folder, 60, 100), true);
    await one.coordinator.acquire("a", { waitMs: 0 });
    board.workerGone(1);
    assert.equal(await two.account.reserve(folder, 100, 100), true);
    assert.ok((await two.coordinator.acquire("a", { waitMs: 0 })) !== null);
  });
});

test("an event is told, even where the worker that told of it is gone", async () => {
  await withBoard(async (board, workers, folder) => {
    const seen = join(folder, "seen");
    const hook = { run: ["touch", seen], post: null, atOnce: 1, timeoutMs: 10_000 };
    const what = { route: "/", name: "a", path: "/a", size: 1, type: "a/b", sha256: null };
    workers.get(1)!.events.stored(hook, what);
    board.workerGone(1);
    while (!existsSync(seen)) await delay(5);
  });
});

test("what a worker took and waited for is others' when it is gone", () =>
  withBoard(async (board, workers) => {
    const bounds = new Map([["0 /x", { limit: 1, queueMax: 5 }]]);
    const memory = board.slots.prepare(bounds).get("0 /x")!;
    const [gone, other] = [...workers.keys()] as [number, number];
    const slots = new SharedSlots(memory, gone);
    assert.notEqual(slots.tryTake(), null);
    void slots.take({ waitMs: Infinity });
    const waiting = new SharedSlots(memory, other).take({ waitMs: 60_000 });
    board.workerGone(gone);
    assert.equal(typeof (await waiting), "object");
  }));
