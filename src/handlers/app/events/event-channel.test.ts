import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { get, until, withEngine, type EngineServer } from "../../../testing/index.ts";
import type { DirectResponse } from "../direct/index.ts";
import { EventChannel, type SubscribeOptions } from "./event-channel.ts";

const asked = (lastEventId?: string): Pick<Request, "headers"> => ({
  headers: new Headers(lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId }),
});

async function withChannel(
  channel: EventChannel,
  use: (server: EngineServer) => Promise<void>,
  options?: SubscribeOptions,
): Promise<void> {
  await withEngine((exchange) => {
    const request = asked(exchange.fields.get("last-event-id") ?? undefined);
    return (channel.subscribe(request, options) as DirectResponse).reply();
  }, use);
}

/** What of `received` is content, without the framing of chunks. */
function eventsIn(received: string): string {
  const content = received.slice(received.indexOf("\r\n\r\n") + 4);
  return content.replace(/[0-9a-f]+\r\n([^]*?)\r\n/g, "$1");
}

test("all clients are told what is published from then on, and how it is to be read", async () => {
  const channel = new EventChannel();
  await withChannel(channel, async ({ open }) => {
    channel.publish({ data: "before" });
    const clients = [await open(), await open()];
    for (const client of clients) await client.send(get("/"));
    await until(() => channel.size === 2);
    channel.publish({ data: "hello\nthere", event: "joined", id: "1" });
    for (const client of clients) {
      const received = await client.until("there");
      assert.match(received, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(received, /\r\ncontent-type: text\/event-stream; charset=utf-8\r\n/i);
      assert.match(received, /\r\ncache-control: no-store\r\n/i);
      assert.match(received, /\r\nx-accel-buffering: no\r\n/i);
      assert.equal(eventsIn(received), "id: 1\nevent: joined\ndata: hello\ndata: there\n\n");
    }
  });
});

test("what can't be said is thrown, and nobody is told", async () => {
  const channel = new EventChannel("unsaid", { history: 5 });
  await withChannel(channel, async ({ open }) => {
    const client = await open();
    await client.send(get("/"));
    await until(() => channel.size === 1);
    assert.throws(() => channel.publish({ data: "x", event: "a\nb" }), TypeError);
    channel.publish({ data: "y" });
    assert.equal(eventsIn(await client.until("y\n\n")), "data: y\n\n");
  });
});

test("HEAD is answered, and nobody is told", async () => {
  const channel = new EventChannel();
  await withChannel(channel, async ({ open }) => {
    const client = await open();
    await client.send(get("/").replace("GET", "HEAD"));
    assert.match(await client.until("\r\n\r\n"), /event-stream/);
    assert.equal(channel.size, 0);
  });
});

for (const [name, lastEventId, expected] of [
  ["who is new is told nothing of before", null, ""],
  ["an empty id is none", "", ""],
  ["who comes again is told what it missed", "3", "id: 4\ndata: d\n\nid: 5\ndata: e\n\n"],
  ["who missed nothing is told nothing", "5", ""],
  [
    "who missed more than is kept is told what is kept",
    "1",
    "id: 3\ndata: c\n\nid: 4\ndata: d\n\nid: 5\ndata: e\n\n",
  ],
] as const) {
  test(name, async () => {
    const channel = new EventChannel(undefined, { history: 3 });
    for (const [at, data] of [..."abcde"].entries()) channel.publish({ data, id: String(at + 1) });
    channel.publish({ data: "of the moment" });
    await withChannel(
      channel,
      async ({ open }) => {
        const client = await open();
        const lines = lastEventId === null ? [] : [`Last-Event-ID: ${lastEventId}`];
        await client.send(get("/", ...lines));
        await until(() => channel.size === 1);
        channel.publish({ data: "now" });
        const events = eventsIn(await client.until("now\n\n"));
        assert.equal(events, `retry: 500\n\n${expected}data: now\n\n`);
      },
      { retry: 500 },
    );
  });
}

for (const way of ["finish", "reset"] as const) {
  test(`a client that leaves (${way}) is no subscriber any more, others are`, async () => {
    const channel = new EventChannel();
    await withChannel(channel, async ({ open }) => {
      const [one, other] = [await open(), await open()];
      for (const client of [one, other]) await client.send(get("/"));
      await until(() => channel.size === 2);
      one[way]();
      await until(() => channel.size === 1);
      channel.publish({ data: "x" });
      await other.until("data: x");
    });
  });
}

test("comments keep the way open, while somebody is there", async () => {
  const channel = new EventChannel(undefined, { heartbeat: 1000 });
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    await withChannel(channel, async ({ open }) => {
      const client = await open();
      await client.send(get("/"));
      await until(() => channel.size === 1);
      mock.timers.tick(2000);
      await client.until(":\n\n\r\n3\r\n:\n\n");
      client.reset();
      await until(() => channel.size === 0);
      const next = await open();
      await next.send(get("/"));
      await until(() => channel.size === 1);
      mock.timers.tick(1000);
      channel.publish({ data: "x" });
      assert.equal(eventsIn(await next.until("x\n\n")), ":\n\ndata: x\n\n");
    });
  } finally {
    mock.timers.reset();
  }
});

test("a stop ends the answers as they are to end, and what was said is said", async () => {
  const channel = new EventChannel();
  await withChannel(channel, async ({ open, engine }) => {
    const client = await open();
    await client.send(get("/"));
    await until(() => channel.size === 1);
    channel.publish({ data: "last" });
    const drained = engine.drain();
    assert.match(await client.untilEnd(), /data: last\n\n\r\n0\r\n\r\n$/);
    client.close();
    await drained;
    assert.equal(channel.size, 0);
  });
});

test("a channel that is closed ends its answers, and can be subscribed to again", async () => {
  const channel = new EventChannel();
  await withChannel(channel, async ({ open }) => {
    const client = await open();
    for (let round = 1; round <= 2; round += 1) {
      await client.send(get("/"));
      await until(() => channel.size === 1);
      channel.publish({ data: `round ${round}` });
      channel.close();
      await client.until(`round ${round}\n\n\r\n0\r\n\r\n`);
    }
  });
});

test("who reads the answer as a Response finds a stream of the same events", async () => {
  const channel = new EventChannel();
  const response = channel.subscribe(asked(), { retry: 1 });
  assert.ok(response instanceof Response && response.body === response.body);
  const reader = response.body!.getReader();
  channel.publish({ data: "x" });
  const read = async (): Promise<string> => {
    const { value } = (await reader.read()) as { value?: Uint8Array };
    return Buffer.from(value ?? []).toString();
  };
  assert.deepEqual([await read(), await read()], ["retry: 1\n\n", "data: x\n\n"]);
  channel.close();
  assert.deepEqual(await reader.read(), { done: true, value: undefined });
  assert.equal(channel.size, 0);
});

test("a stream of events that is cancelled, or not read, is no subscriber", async () => {
  const channel = new EventChannel();
  const [one, other] = [channel.subscribe(asked()), channel.subscribe(asked())];
  await one.body!.cancel();
  assert.equal(channel.size, 0);
  assert.notEqual(other.body, null);
  assert.equal(channel.size, 1);
  for (let count = 0; count < 10; count += 1) channel.publish({ data: "x".repeat(50_000) });
  assert.equal(channel.size, 0);
  await assert.rejects(other.body!.getReader().closed);
});

test("a history is a count", () => {
  for (const history of [-1, 1.5, Number.NaN]) {
    assert.throws(() => new EventChannel("x", { history }), TypeError);
  }
});
