import assert from "node:assert/strict";
import { test } from "node:test";
import { get, post, statuses, Taker, turns, until, withEngine } from "../../testing/index.ts";
import { Reply, type Handler, type Tunnel } from "../exchange/index.ts";

const UPGRADE = get("/", "Connection: Upgrade", "Upgrade: echo");

const echo = (): Taker =>
  new Taker({ bytes: (tunnel, bytes) => void tunnel.write(Buffer.from(bytes)) });

const later = (handler: Handler): Handler => {
  return async (exchange) => {
    await turns(1);
    return handler(exchange);
  };
};

for (const [when, asIs] of [
  ["at once", (handler: Handler) => handler],
  ["later", later],
] as const) {
  test(`behind a 101 that is answered ${when} bytes go both ways`, async () => {
    const taker = echo();
    await withEngine(asIs(taker.handler), async ({ open }) => {
      const client = await open();
      await client.send(`${get("/before")}${UPGRADE}what came behind the head`);
      const received = await client.until("behind the head");
      assert.match(received, /\/beforeHTTP\/1\.1 101 Switching Protocols\r\n/);
      const head = received.slice(received.indexOf("HTTP/1.1 101"));
      assert.match(head, /\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nwhat came/);
      assert.doesNotMatch(head, /Content-Length|chunked|close|keep-alive/);
      await client.send("GET / HTTP/1.1\r\n\r\n");
      assert.match(await client.until("\r\n\r\nwhat came behind the headGET / HTTP/1.1"), /./);
    });
  });
}

const NOT_POSSIBLE = [
  ["HTTP/1.0", UPGRADE.replace("HTTP/1.1", "HTTP/1.0")],
  ["a body", post("Upgrade: echo", "Content-Length: 5") + "abcde"],
  ["a body that is still to come", post("Upgrade: echo", "Transfer-Encoding: chunked")],
] as const;
for (const [name, request] of NOT_POSSIBLE) {
  test(`a request with ${name} is not taken over: 500, and a notice`, async () => {
    const taker = echo();
    await withEngine(taker.handler, async ({ open, notices }) => {
      const client = await open();
      await client.send(request);
      assert.match(await client.until("\r\n\r\n"), /^HTTP\/1\.1 500 /);
      assert.deepEqual([taker.told, taker.refused, notices.length], [[], 1, 1]);
    });
  });
}

test("101 without anybody who takes over is a 500", async () => {
  await withEngine(
    () => new Reply(101, [["Upgrade", "echo"]]),
    async ({ open }) => {
      const client = await open();
      await client.send(UPGRADE + get("/"));
      await until(() => statuses(client.received.toString("latin1")).length === 2);
      assert.deepEqual(statuses(client.received.toString("latin1")), [500, 500]);
    },
  );
});

test("whoever wanted a connection whose client left is refused", async () => {
  const taker = echo();
  let answer: () => void = () => undefined;
  const waiting: Handler = async (exchange) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return taker.handler(exchange);
  };
  await withEngine(waiting, async ({ open, engine }) => {
    const client = await open();
    await client.send(UPGRADE);
    await until(() => engine.counters.requests === 1);
    client.reset();
    await until(() => engine.connections === 0);
    answer();
    await until(() => taker.refused === 1);
    assert.deepEqual(taker.told, []);
  });
});

test("it is logged at its end, with the bytes that were written", async () => {
  const taker = echo();
  await withEngine(taker.handler, async ({ open, finished, engine }) => {
    const client = await open();
    await client.send(`${UPGRADE}12345`);
    await client.until("12345");
    assert.deepEqual([finished.length, engine.connections], [0, 1]);
    client.reset();
    await until(() => engine.connections === 0);
    assert.deepEqual(taker.told, ["start", "close"]);
    assert.deepEqual(
      finished.map(({ status, bodyBytes }) => ({ status, bodyBytes })),
      [{ status: 101, bodyBytes: 5 }],
    );
    assert.equal(engine.counters.sentBytes, 5);
  });
});

test("no deadline of HTTP holds for it", async () => {
  const taker = echo();
  await withEngine(taker.handler, async ({ open, pass, engine }) => {
    const client = await open();
    await client.send(UPGRADE);
    await client.until("\r\n\r\n");
    await pass(200_000);
    assert.deepEqual([taker.told, engine.connections], [["start"], 1]);
    await client.send("still here");
    await client.until("still here");
  });
});

test("a client that takes nothing is cut, one that took all in time is not", async () => {
  const taker = new Taker();
  await withEngine(taker.handler, async ({ open, pass, engine }) => {
    const [stopped, slow] = [await open(), await open()];
    for (const client of [stopped, slow]) {
      await client.send(UPGRADE);
      await client.until("\r\n\r\n");
      client.stopReading();
      const { tunnel } = taker;
      while (tunnel!.unsentBytes === 0) tunnel!.write(Buffer.alloc(10_000));
      if (client === slow) client.readAgain();
    }
    const { tunnel } = taker;
    await until(() => tunnel!.unsentBytes === 0);
    for (let minute = 0; minute < 5; minute += 1) await pass(60_000);
    await until(() => engine.connections === 1);
    tunnel!.write(Buffer.from("the end"));
    await slow.until("the end");
    assert.equal(stopped.received.includes("the end"), false);
  });
});

test("its writer is told when to wait, and when to go on", async () => {
  const taker = new Taker();
  await withEngine(taker.handler, async ({ open }) => {
    const client = await open();
    await client.send(UPGRADE);
    await client.until("\r\n\r\n");
    client.stopReading();
    const tunnel = taker.tunnel!;
    while (tunnel.write(Buffer.alloc(10_000))) await turns(1);
    assert.equal(tunnel.blocked, true);
    client.readAgain();
    await until(() => taker.told.includes("drain"));
    assert.equal(tunnel.blocked, false);
  });
});

test("nothing is read while it is paused", async () => {
  const taker = new Taker({ start: (tunnel) => tunnel.pause() });
  await withEngine(later(taker.handler), async ({ open }) => {
    const client = await open();
    await client.send(UPGRADE);
    await client.until("\r\n\r\n");
    await client.send("wait");
    await turns(20);
    assert.equal(taker.received, "");
    taker.tunnel!.resume();
    await until(() => taker.received === "wait");
  });
});

test("it is woken once, by what it asked for last", async () => {
  const taker = new Taker();
  await withEngine(taker.handler, async ({ open, pass }) => {
    const client = await open();
    await client.send(UPGRADE);
    await client.until("\r\n\r\n");
    taker.tunnel!.wake(60_000);
    taker.tunnel!.wake(5_000);
    await pass(4_000);
    assert.deepEqual(taker.told, ["start"]);
    await pass(100_000);
    assert.deepEqual(taker.told, ["start", "wake"]);
  });
});

test("a stop is told, and what is said then arrives before the end", async () => {
  const goodbye = (tunnel: Tunnel): void => {
    tunnel.write(Buffer.from("goodbye"));
    tunnel.end();
  };
  const taker = new Taker({ shutdown: goodbye });
  await withEngine(taker.handler, async ({ open, engine, pass }) => {
    const client = await open();
    await client.send(UPGRADE);
    await client.until("\r\n\r\n");
    const drained = engine.drain();
    assert.match(await client.untilEnd(), /\r\n\r\ngoodbye$/);
    assert.deepEqual(taker.told, ["start", "shutdown", "close"]);
    await pass(5_000); // the client keeps its side open
    await drained;
  });
});

test("one that does not care about a stop is cut with the engine", async () => {
  const taker = new Taker();
  await withEngine(taker.handler, async ({ open, engine, finished }) => {
    const client = await open();
    await client.send(UPGRADE);
    await client.until("\r\n\r\n");
    void engine.drain();
    await turns(5);
    assert.deepEqual([engine.connections, taker.told], [1, ["start", "shutdown"]]);
    engine.destroy();
    assert.deepEqual([engine.connections, taker.told.at(-1), finished.length], [0, "close", 1]);
    await client.untilEnd();
  });
});

for (const what of ["start", "bytes", "inputEnd", "wake", "shutdown", "close"]) {
  test(`a taker that throws on ${what} ends its own connection, and nothing else`, async () => {
    const broken = (): never => {
      throw new Error("a bug");
    };
    const taker = new Taker({ [what]: broken });
    await withEngine(taker.handler, async ({ open, engine, notices, pass }) => {
      const client = await open();
      const other = await open();
      await other.send(get("/other"));
      await other.until("/other");
      await client.send(`${UPGRADE}bytes`);
      if (what !== "start") await client.until("\r\n\r\n");
      if (what === "wake") taker.tunnel!.wake(1000);
      await pass(2000);
      if (what === "inputEnd") client.finish();
      if (what === "close") client.reset();
      if (what === "shutdown") void engine.drain();
      else {
        await until(() => engine.connections === 1);
        await other.send(get("/again"));
        await other.until("/again");
      }
      await until(() => notices.length > 0);
      assert.deepEqual(notices.length, 1);
      await client.untilEnd();
    });
  });
}
