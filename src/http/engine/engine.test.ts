import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { get, withEngine } from "../../testing/index.ts";
import { ByteStream, Reply, type Handler } from "../exchange/index.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const hello: Handler = () => new Reply(200, [], Buffer.from("hello"));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a connection that says nothing is closed without an answer", async () => {
  await withEngine(hello, async ({ open, pass, finished, engine }) => {
    const client = await open();
    while (engine.connections === 0) await turn();
    await pass(11_000);
    assert.equal(await client.untilEnd(), "");
    assert.deepEqual(finished, []);
  });
});

test("empty lines before a request do not buy more time", async () => {
  await withEngine(hello, async ({ open, pass, engine }) => {
    const client = await open();
    await client.send("\r\n");
    while (engine.connections === 0) await turn();
    await pass(6_000);
    await client.send("\r\n");
    await pass(6_000);
    assert.doesNotMatch(await client.untilEnd(), /hello/);
  });
});

test("a head that does not end is 408, however steadily it comes", async () => {
  await withEngine(hello, async ({ open, pass }) => {
    const client = await open();
    await client.send(`${GET}GET / HTTP/1.1\r\nX-`); // the first answer shows that the rest is seen
    await client.until("hello");
    for (let second = 0; second < 12 && !client.ended; second += 1) {
      await client.send("a");
      await pass(1_000);
    }
    assert.match(await client.untilEnd(), /hello[^]*HTTP\/1\.1 408/);
  });
});

test("between requests the connection is kept for a while, then closed silently", async () => {
  await withEngine(hello, async ({ open, pass }) => {
    const client = await open();
    await client.send(GET);
    await client.until("hello");
    await pass(60_000);
    await client.send(GET);
    await client.until("hello" + "HTTP");
    await client.until("Content-Length: 5\r\n\r\nhello");
    await pass(70_000);
    const received = await client.untilEnd();
    assert.equal(received.match(/HTTP\/1\.1 200/g)?.length, 2);
  });
});

function reading(seen: (bytes: number) => void): Handler {
  return async ({ body }) => {
    for (let bytes = 0; ;) {
      seen(bytes);
      const piece = await body.read();
      if (piece instanceof Failure) return piece;
      if (piece === null) return new Reply(200, [], Buffer.from("read"));
      bytes += piece.length;
    }
  };
}

test("a body that stalls is 408", async () => {
  let seen = -1;
  await withEngine(
    reading((bytes) => (seen = bytes)),
    async ({ open, pass }) => {
      const client = await open();
      await client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
      while (seen !== 3) await turn();
      await pass(31_000);
      assert.match(await client.untilEnd(), /^HTTP\/1\.1 408[^]*bodyTimeout/);
    },
  );
});

test("a slow but steady body is taken; one far below 1 KiB/s over a minute is not", async () => {
  for (const { pieceBytes, expected } of [
    { pieceBytes: 20_000, expected: /^HTTP\/1\.1 200/ },
    { pieceBytes: 100, expected: /^HTTP\/1\.1 408/ },
  ]) {
    let seen = -1;
    await withEngine(
      reading((bytes) => (seen = bytes)),
      async ({ open, pass }) => {
        const client = await open();
        const length = 12 * pieceBytes;
        await client.send(
          `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`,
        );
        for (let sent = 0; sent < length && client.receivedBytes === 0; sent += pieceBytes) {
          while (seen < sent && client.receivedBytes === 0) await turn();
          await pass(10_000);
          await client.send("x".repeat(pieceBytes));
        }
        assert.match(await client.until("HTTP/1.1 "), expected);
      },
    );
  }
});

test("the handler's time stands still while a body is awaited", async () => {
  let seen = -1;
  const timeouts = { handler: 20_000 };
  const use: Parameters<typeof withEngine>[1] = async ({ open, pass }) => {
    const client = await open();
    await client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n");
    for (let sent = 0; sent < 60_000; sent += 20_000) {
      while (seen < sent) await turn();
      await pass(15_000);
      await client.send("x".repeat(20_000));
    }
    await client.until("read");
  };
  await withEngine(
    reading((bytes) => (seen = bytes)),
    use,
    { timeouts },
  );
});

test("a reader that takes nothing is cut off", async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc(65536);
  }
  const pour: Handler = () => new Reply(200, [], new ByteStream(endless()));
  await withEngine(pour, async ({ port, pass, engine }) => {
    const client = connect({ port, host: "127.0.0.1" });
    client.on("error", () => undefined);
    client.pause();
    client.write(GET);
    while (engine.connections === 0) await turn();
    for (let minute = 0; minute < 50 && engine.connections > 0; minute += 1) await pass(60_000);
    assert.equal(engine.connections, 0);
    client.destroy();
  });
});

test("draining ends idle connections at once, the others behind their answer", async () => {
  let answerIt: (reply: Reply) => void = () => undefined;
  const waiting: Handler = (exchange) =>
    exchange.path === "/wait" ? new Promise((resolve) => (answerIt = resolve)) : hello(exchange);
  await withEngine(waiting, async ({ open, engine, pass }) => {
    const [silent, idle, busy] = [await open(), await open(), await open()];
    await idle.send(GET);
    await idle.until("hello");
    await busy.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (answerIt.length === 0 || engine.connections < 3) await turn();
    const drained = engine.drain();
    await silent.untilEnd();
    await idle.untilEnd();
    assert.equal(busy.ended, false);
    answerIt(new Reply(200, [], Buffer.from("at last")));
    assert.match(await busy.untilEnd(), /Connection: close[^]*at last/);
    busy.close();
    await pass(5_000);
    await drained;
  });
});

test("what is cut when the engine ends is told before it has ended", async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc(65536);
  }
  const pour: Handler = () => new Reply(200, [], new ByteStream(endless()));
  await withEngine(pour, async ({ open, engine, finished }) => {
    const client = await open();
    await client.send(GET);
    await client.until("HTTP/1.1 200");
    engine.destroy();
    assert.deepEqual(
      finished.map(({ status }) => status),
      [200],
    );
    assert.ok(finished[0]!.bodyBytes > 0);
    await client.untilEnd();
    for (let round = 0; round < 10; round += 1) await turn();
    assert.equal(finished.length, 1);
  });
});

test("half a head does not hold up the end", async () => {
  await withEngine(hello, async ({ open, engine }) => {
    const client = await open();
    await client.send(`${GET}GET / HT`);
    await client.until("hello");
    await engine.drain();
    assert.equal(engine.connections, 0);
  });
});

test("a dropped body that drips is given up after a minute", async () => {
  await withEngine(hello, async ({ open, engine, pass }) => {
    const client = await open();
    const head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n";
    await client.send(head);
    await client.until("hello");
    for (let second = 0; second < 90 && engine.connections > 0; second += 1) {
      await client.send("a");
      await pass(1000);
    }
    assert.equal(engine.connections, 0);
  });
});

test("a handler's deadline is answered with the fields of its route", async () => {
  const never: Handler = (exchange) => {
    exchange.answerFields = [["X-Route", "here"]];
    return new Promise(() => undefined);
  };
  await withEngine(never, async ({ open, pass }) => {
    const client = await open();
    await client.send(GET);
    for (let round = 0; round < 200 && client.receivedBytes === 0; round += 1) await pass(1000);
    assert.match(await client.until("handlerTimeout"), /^HTTP\/1\.1 504[^]*X-Route: here/);
  });
});

test("limits that are exchanged hold for heads that came before", async () => {
  const GET_LONG = get(`/${"x".repeat(100)}`);
  await withEngine(hello, async ({ open, engine }) => {
    const client = await open();
    for (let n = 1; n <= 3; n += 1) {
      await client.send(GET_LONG);
      while (engine.counters.requests < n) await turn();
    }
    await client.until("hello");
    const { settings } = engine;
    engine.settings = { ...settings, limits: { ...settings.limits, targetBytes: 50 } };
    const later = await open();
    for (const one of [later, client]) {
      await one.send(GET_LONG);
      assert.match(await one.untilEnd(), /HTTP\/1\.1 414 /);
    }
  });
});
