import assert from "node:assert/strict";
import { test } from "node:test";
import { get, statuses, turns, until, Watcher, withEngine } from "../../testing/index.ts";
import type { EngineServer } from "../../testing/index.ts";
import { ByteStream, Reply, type Handler } from "../exchange/index.ts";

/** A stream that gives `piece` over and over, or once and then nothing more. */
function endless(piece: Uint8Array, times = Infinity): ByteStream {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < times; at += 1) yield piece;
    await new Promise(() => undefined);
  }
  return new ByteStream(pieces());
}

async function watched(
  use: (watcher: Watcher, server: EngineServer) => Promise<void>,
): Promise<void> {
  const watcher = new Watcher();
  await withEngine(watcher.handler, (server) => use(watcher, server));
}

for (const [how, end] of [
  ["says that it sends no more", "finish"],
  ["closes", "close"],
  ["resets", "reset"],
] as const) {
  test(`a client that ${how} while its answer is made is gone`, async () => {
    await watched(async (watcher, { open, finished, engine }) => {
      const client = await open();
      await client.send(get("/slow"));
      await watcher.underWay();
      client[end]();
      await until(() => engine.connections === 0);
      assert.equal(watcher.gone, 1);
      assert.equal(finished.length, 1);
      assert.equal(finished[0]!.status, 499);
      watcher.answer(new Reply(200, [], Buffer.from("for nobody")));
      assert.equal(await client.untilEnd(), "");
    });
  });

  test(`a client that ${how} while a stream goes out is gone`, async () => {
    await watched(async (watcher, { open, engine }) => {
      const client = await open();
      await client.send(get("/slow"));
      await watcher.underWay();
      watcher.answer(new Reply(200, [], endless(Buffer.from("piece"), 2)));
      await client.until("piece");
      assert.equal(watcher.gone, 0);
      client[end]();
      await until(() => engine.connections === 0);
      assert.equal(watcher.gone, 1);
    });
  });

  test(`a client that ${how}, and reads nothing of a stream, is gone`, async () => {
    await watched(async (watcher, { open, engine }) => {
      const client = await open();
      client.stopReading();
      await client.send(get("/slow"));
      await watcher.underWay();
      watcher.answer(new Reply(200, [], endless(Buffer.alloc(64 * 1024))));
      await turns(200);
      assert.equal(watcher.gone, 0);
      client[end]();
      await until(() => engine.connections === 0);
      assert.equal(watcher.gone, 1);
    });
  });
}

test("a client that asked for more before it said its end is gone, too", async () => {
  await watched(async (watcher, { open, engine }) => {
    const client = await open();
    await client.send(get("/slow") + get("/quick") + get("/quick"));
    client.finish();
    await until(() => watcher.gone === 1 && engine.connections === 0);
    assert.equal(await client.untilEnd(), "");
    assert.equal(watcher.asked.length, 1);
  });
});

test("what was answered before arrives, though for what came behind nobody waits", async () => {
  await watched(async (watcher, { open, engine }) => {
    const client = await open();
    await client.send(get("/quick") + get("/slow"));
    client.finish();
    await until(() => watcher.gone === 1 && engine.connections === 0);
    assert.deepEqual(statuses(await client.untilEnd()), [200]);
  });
});

test("a client that half-closes is answered where nobody asks whether it is gone", async () => {
  await watched(async (watcher, { open }) => {
    const client = await open();
    await client.send(get("/unwatched"));
    client.finish();
    await watcher.underWay();
    await turns(20);
    watcher.answer(new Reply(200, [], Buffer.from("answered")));
    assert.match(await client.untilEnd(), /answered$/);
    assert.equal(watcher.gone, 0);
  });
});

test("who asks behind a client's end is told at once, and the connection closes", async () => {
  await watched(async (watcher, { open, finished }) => {
    const client = await open();
    await client.send(get("/unwatched"));
    client.finish();
    await watcher.underWay();
    await turns(20);
    watcher.watch();
    assert.equal(watcher.gone, 1);
    assert.equal(await client.untilEnd(), "");
    watcher.watch();
    assert.equal(watcher.gone, 2);
    assert.equal(finished.length, 1);
    assert.equal(finished[0]!.status, 499);
  });
});

test("a client that is gone by the time it is asked about is told of in that call", async () => {
  const seen: string[] = [];
  const handler: Handler = (exchange) => {
    if (exchange.path === "/first") return new Promise((resolve) => (answerFirst = resolve));
    exchange.onGone(() => seen.push("gone"));
    seen.push("asked");
    return new Reply(200, [], Buffer.from("for nobody"));
  };
  let answerFirst: (reply: Reply) => void = () => undefined;
  await withEngine(handler, async ({ open, engine, finished }) => {
    const client = await open();
    await client.send(get("/first") + get("/second") + get("/third"));
    client.finish();
    await until(() => engine.counters.requests === 1);
    await turns(20);
    answerFirst(new Reply(200, [], Buffer.from("first")));
    await until(() => engine.connections === 0);
    assert.match(await client.untilEnd(), /first$/);
    assert.deepEqual(seen, ["gone", "asked"]);
    assert.deepEqual(
      finished.map(({ status }) => status),
      [200, 499],
    );
  });
});

test("a body that half came is cut with its client", async () => {
  const told: string[] = [];
  const handler: Handler = async (exchange) => {
    exchange.onGone(() => told.push("gone"));
    await exchange.body.read();
    const rest = await exchange.body.read();
    told.push(rest === null || rest instanceof Uint8Array ? "more" : rest.code);
    return new Reply(200);
  };
  await withEngine(handler, async ({ open, engine }) => {
    const client = await open();
    await client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf");
    await until(() => engine.counters.receivedBytes === 4);
    client.finish();
    await until(() => engine.connections === 0 && told.length === 2);
    assert.deepEqual(told, ["gone", "bodyCut"]);
    assert.equal(await client.untilEnd(), "");
  });
});

test("behind the handler's deadline nobody waits for its answer, once", async () => {
  await watched(async (watcher, { open, pass, engine }) => {
    const client = await open();
    await client.send(get("/slow"));
    await watcher.underWay();
    await pass(61_000);
    assert.match(await client.until("\r\n\r\n"), /^HTTP\/1\.1 504 /);
    assert.equal(watcher.gone, 1);
    watcher.watch();
    assert.equal(watcher.gone, 2);
    await client.send(get("/quick"));
    await client.until("quick");
    client.close();
    await until(() => engine.connections === 0);
    assert.equal(watcher.gone, 2);
  });
});

test("when the time to end is over nobody waits any more", async () => {
  await watched(async (watcher, { open, engine }) => {
    const client = await open();
    await client.send(get("/slow"));
    await watcher.underWay();
    const drained = engine.drain();
    await turns(20);
    assert.equal(watcher.gone, 0);
    engine.destroy();
    assert.equal(watcher.gone, 1);
    await drained;
    assert.equal(await client.untilEnd(), "");
  });
});

test("a client that has all of its answer is not gone, whatever it does then", async () => {
  await watched(async (watcher, { open, engine }) => {
    const client = await open();
    await client.send(get("/slow"));
    await watcher.underWay();
    watcher.answer(new Reply(200, [], Buffer.from("whole")));
    await client.until("whole");
    client.finish();
    await until(() => engine.connections === 0);
    assert.equal(watcher.gone, 0);
  });
});

test("who watches an answer that is sent does not cut the next", async () => {
  await watched(async (watcher, { open }) => {
    const client = await open();
    await client.send(get("/slow"));
    await watcher.underWay();
    const [first] = watcher.asked;
    watcher.answer(new Reply(200, [], Buffer.from("first")));
    await client.until("first");
    await client.send(get("/unwatched"));
    await watcher.underWay(2);
    client.finish();
    await turns(20);
    watcher.watch(first);
    watcher.answer(new Reply(200, [], Buffer.from("second")));
    assert.match(await client.untilEnd(), /second$/);
    assert.equal(watcher.gone, 0);
  });
});

test("a listener that throws is a notice, and keeps nothing from the others", async () => {
  await watched(async (watcher, { open, engine, notices }) => {
    const client = await open();
    await client.send(get("/slow"));
    await watcher.underWay();
    watcher.asked[0]!.onGone(() => {
      throw new Error("a bug");
    });
    watcher.watch();
    client.close();
    await until(() => engine.connections === 0);
    assert.equal(watcher.gone, 2);
    assert.equal(notices.length, 1);
  });
});
