import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Coordinator } from "./coordinator.ts";
import { clientWithoutWorkers, CoordinatorClient } from "./coordinator-client.ts";
import type { FromCoordinator, ToCoordinator } from "./messages.ts";

const SOON = { waitMs: 60_000 };
const NOW = { waitMs: 0 };

/** Clients of owners 0 to `count` - 1 over one coordinator, each message delivered at once. */
function clientsOf(count: number) {
  const clients: CoordinatorClient[] = [];
  const coordinator = new Coordinator((owner, message) => clients[owner]!.receive(message));
  for (let owner = 0; owner < count; owner += 1) {
    clients.push(new CoordinatorClient((message) => coordinator.receive(owner, message)));
    coordinator.ownerCame(owner);
  }
  return {
    coordinator,
    clients: clients as [CoordinatorClient, CoordinatorClient, ...CoordinatorClient[]],
  };
}

test("a lease is one worker's until it is released", async () => {
  const { clients } = clientsOf(2);
  const lease = await clients[0].acquire("file", NOW);
  assert.ok(lease !== null && lease.name === "file");
  assert.equal(await clients[1].acquire("file", NOW), null);
  const next = clients[1].acquire("file", SOON);
  lease.release();
  const second = await next;
  assert.ok(second !== null && second.fence > lease.fence);
  lease.release();
  assert.equal(await clients[0].acquire("file", NOW), null);
});

test("one client's wishes exclude each other, too", async () => {
  const client = clientWithoutWorkers();
  const lease = await client.acquire("file", NOW);
  assert.equal(await client.acquire("file", NOW), null);
  lease!.release();
  assert.ok((await client.acquire("file", NOW)) !== null);
});

test("a lease and a slot of one name have nothing to do with each other", async () => {
  const client = clientWithoutWorkers();
  const options = { limit: 1, queueMax: 0, waitMs: 0 };
  assert.ok((await client.acquire("cgi", NOW)) !== null);
  assert.ok(typeof (await client.take("cgi", options)) === "object");
});

test("who waits too long gets nothing, and nothing is kept for it", async () => {
  const { clients } = clientsOf(2);
  const lease = await clients[0].acquire("file", NOW);
  assert.equal(await clients[1].acquire("file", { waitMs: 5 }), null);
  lease!.release();
  assert.ok((await clients[0].acquire("file", NOW)) !== null);
});

test("an aborted wait leaves the queue, and one aborted before never joins it", async () => {
  const { coordinator, clients } = clientsOf(2);
  const lease = await clients[0].acquire("file", NOW);
  const abort = new AbortController();
  const waiting = clients[1].acquire("file", { ...SOON, signal: abort.signal });
  const behind = clients[0].acquire("file", SOON);
  abort.abort();
  assert.equal(await waiting, null);
  assert.equal(await clients[1].acquire("other", { ...SOON, signal: abort.signal }), null);
  assert.equal(coordinator.names, 1);
  lease!.release();
  assert.ok((await behind) !== null);
});

test("an abort behind the grant takes nothing back", async () => {
  const { clients } = clientsOf(2);
  const abort = new AbortController();
  const lease = await clients[0].acquire("file", { ...SOON, signal: abort.signal });
  abort.abort();
  assert.equal(await clients[1].acquire("file", NOW), null);
  lease!.release();
});

test("a grant that crosses the message of who gave up is taken back", async () => {
  const { coordinator, clients } = clientsOf(2);
  const up: ToCoordinator[] = [];
  const down: FromCoordinator[] = [];
  const far = new CoordinatorClient((message) => up.push(message));
  const deliverUp = (): void => {
    for (const message of up.splice(0)) coordinator.receive(2, message);
  };
  clients.push(new CoordinatorClient(() => undefined));
  clients[2]!.receive = (message) => down.push(message);
  coordinator.ownerCame(2);
  const abort = new AbortController();
  const given = far.acquire("file", { ...SOON, signal: abort.signal });
  deliverUp(); // granted, and the grant is on its way
  abort.abort();
  assert.equal(await given, null);
  for (const message of down) far.receive(message);
  const next = clients[0].acquire("file", SOON);
  deliverUp();
  assert.ok((await next) !== null);
});

test("beyond a thousand that wait for a lease, the next is refused at once", async () => {
  const client = clientWithoutWorkers();
  const lease = await client.acquire("file", NOW);
  const waiting = Array.from({ length: 1000 }, () => client.acquire("file", SOON));
  assert.equal(await client.acquire("file", SOON), null);
  lease!.release();
  for (const one of waiting) (await one)!.release();
  assert.ok((await client.acquire("file", NOW)) !== null);
});

test("slots are bounded over all workers; beyond them some wait, then it is full", async () => {
  const { clients } = clientsOf(2);
  const options = { limit: 2, queueMax: 1, waitMs: 60_000 };
  const first = await clients[0].take("cgi", options);
  const second = await clients[1].take("cgi", options);
  assert.ok(typeof first === "object" && typeof second === "object");
  assert.equal(await clients[0].take("cgi", { ...options, waitMs: 0 }), "late");
  const third = clients[0].take("cgi", options);
  assert.equal(await clients[1].take("cgi", options), "full");
  second.release();
  assert.ok(typeof (await third) === "object");
  assert.equal(await clients[1].take("cgi", { ...options, waitMs: 5 }), "late");
});

for (const waitMs of [2 ** 31, 1e15, Infinity]) {
  test(`a wait of ${waitMs} ms is no short one`, async () => {
    const { clients } = clientsOf(2);
    const lease = await clients[0].acquire("file", NOW);
    const waiting = clients[1].acquire("file", { waitMs });
    const { promise: later, resolve } = Promise.withResolvers<"later">();
    setTimeout(() => resolve("later"), 10);
    assert.equal(await Promise.race([waiting, later]), "later");
    lease!.release();
    assert.ok((await waiting) !== null);
  });
}

for (const waitMs of [0, -1, Number.NaN]) {
  test(`a wait of ${waitMs} ms is now or not at all`, async () => {
    const { clients } = clientsOf(2);
    await clients[0].acquire("file", NOW);
    assert.equal(await clients[1].acquire("file", { waitMs }), null);
  });
}

const MODULE = new URL("./coordinator-client.ts", import.meta.url).href;
const HOLDER = `
  const { parentPort } = require("node:worker_threads");
  import(${JSON.stringify(MODULE)}).then(async ({ CoordinatorClient }) => {
    const client = new CoordinatorClient((message) => parentPort.postMessage(message));
    parentPort.on("message", (message) => client.receive(message));
    const lease = await client.acquire("file", { waitMs: 60_000 });
    parentPort.postMessage({ fence: lease.fence });
  });`;

test("a worker thread that is ended gives its lease to the next, with a higher fence", async () => {
  const workers = new Map<number, Worker>();
  const coordinator = new Coordinator((owner, message) => {
    workers.get(owner)?.postMessage(message);
  });
  const holder = async (): Promise<{ worker: Worker; owner: number; fence: Promise<number> }> => {
    const worker = new Worker(HOLDER, { eval: true });
    const owner = worker.threadId;
    workers.set(owner, worker);
    coordinator.ownerCame(owner);
    const asked = Promise.withResolvers<void>();
    const granted = Promise.withResolvers<number>();
    worker.on("message", (message: ToCoordinator | { fence: number }) => {
      if ("fence" in message) return granted.resolve(message.fence);
      coordinator.receive(owner, message);
      asked.resolve();
    });
    await asked.promise;
    return { worker, owner, fence: granted.promise };
  };
  const first = await holder();
  const fence = await first.fence;
  const second = await holder();
  const ended = once(first.worker, "exit");
  await first.worker.terminate();
  await ended;
  coordinator.ownerGone(first.owner);
  assert.ok((await second.fence) > fence);
  await second.worker.terminate();
  coordinator.ownerGone(second.owner);
  assert.equal(coordinator.names, 0);
});
