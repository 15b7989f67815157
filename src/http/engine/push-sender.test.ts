import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { get, turns, until, withEngine } from "../../testing/index.ts";
import { StreamSocket } from "../../transport/index.ts";
import {
  PushPiece,
  PushStream,
  Reply,
  type Handler,
  type PushSource,
  type PushTarget,
} from "../exchange/index.ts";

const piece = (text: string): PushPiece => new PushPiece(Buffer.from(text));

/** Pushes what a test says to all who asked. */
class Source {
  readonly targets: PushTarget[] = [];
  gone = 0;
  shutdowns = 0;
  onStart: (target: PushTarget) => void = () => undefined;

  get handler(): Handler {
    const start = (target: PushTarget): PushSource => {
      this.targets.push(target);
      this.onStart(target);
      return { onGone: () => (this.gone += 1), onShutdown: () => (this.shutdowns += 1) };
    };
    return ({ path }) => {
      if (path === "/304") return new Reply(304, [], new PushStream(start));
      return path === "/other"
        ? new Reply(200, [], Buffer.from("other"))
        : new Reply(200, [], new PushStream(start));
    };
  }
}

const late = (handler: Handler): Handler => {
  return async (exchange) => {
    await turns(1);
    return handler(exchange);
  };
};

for (const [when, asIs] of [
  ["at once", (handler: Handler) => handler],
  ["later", late],
] as const) {
  test(`the head of what is pushed, answered ${when}, waits for nothing`, async () => {
    const source = new Source();
    await withEngine(asIs(source.handler), async ({ open }) => {
      const client = await open();
      await client.send(get("/"));
      assert.match(await client.until("\r\n\r\n"), /Transfer-Encoding: chunked\r\n\r\n$/);
      const writes = mock.method(StreamSocket.prototype, "write");
      assert.equal(source.targets[0]!.write(piece("now")), true);
      writes.mock.restore();
      assert.equal(writes.mock.callCount(), 1);
      await client.until("\r\n\r\n3\r\nnow\r\n");
      source.targets[0]!.end();
      assert.match(await client.until("0\r\n\r\n"), /now\r\n0\r\n\r\n$/);
      await client.send(get("/other")); // the connection goes on
      await client.until("\r\n\r\nother");
      assert.equal(source.gone, 0);
    });
  });
}

test("a piece is framed once for all", async () => {
  const source = new Source();
  await withEngine(source.handler, async ({ open }) => {
    const clients = [await open(), await open(), await open()];
    for (const client of clients) await client.send(get("/"));
    await until(() => source.targets.length === 3);
    const one = piece("one");
    source.targets[0]!.write(one);
    const { framed } = one;
    for (const target of source.targets.slice(1)) target.write(one);
    assert.ok(framed !== null && one.framed === framed);
    for (const client of clients) await client.until("3\r\none\r\n");
  });
});

test("HTTP/1.0 gets pieces as they are, and the end by the connection's", async () => {
  const source = new Source();
  await withEngine(source.handler, async ({ open }) => {
    const client = await open();
    await client.send("GET / HTTP/1.0\r\n\r\n");
    await until(() => source.targets.length === 1);
    source.targets[0]!.write(piece("one"));
    source.targets[0]!.write(piece("two"));
    source.targets[0]!.end();
    assert.match(await client.untilEnd(), /\r\n\r\nonetwo$/);
  });
});

for (const request of [get("/").replace("GET", "HEAD"), get("/304")]) {
  test(`nobody pushes into the answer to ${request.slice(0, 9)}`, async () => {
    const source = new Source();
    await withEngine(source.handler, async ({ open }) => {
      const client = await open();
      await client.send(request + get("/other"));
      await client.until("\r\n\r\nother");
      assert.deepEqual([source.targets.length, source.gone], [0, 0]);
    });
  });
}

for (const way of ["reset", "finish"] as const) {
  test(`a client that leaves (${way}) is gone at once, and no more is written to it`, async () => {
    const source = new Source();
    await withEngine(source.handler, async ({ open, engine, finished }) => {
      const client = await open();
      await client.send(get("/"));
      await until(() => source.targets.length === 1);
      source.targets[0]!.write(piece("one"));
      await client.until("one");
      client[way]();
      await until(() => source.gone === 1);
      assert.equal(source.targets[0]!.write(piece("two")), false);
      source.targets[0]!.end();
      assert.equal(engine.connections, 0);
      assert.deepEqual(
        finished.map(({ status, bodyBytes }) => [status, bodyBytes]),
        [[200, 3]],
      );
    });
  });
}

test("a client that does not read is cut before much waits for it", async () => {
  const source = new Source();
  await withEngine(source.handler, async ({ open, engine }) => {
    const client = await open();
    await client.send(get("/"));
    await until(() => source.targets.length === 1);
    client.stopReading();
    const large = piece("x".repeat(10_000));
    let written = 0;
    while (source.targets[0]!.write(large)) written += 1;
    assert.ok(written > 25, `only ${written}`);
    await until(() => engine.connections === 0);
    assert.equal(source.gone, 1);
  });
});

test("a client that takes nothing for too long is cut, others are not", async () => {
  const source = new Source();
  await withEngine(source.handler, async ({ open, engine, pass }) => {
    const [stopped, other] = [await open(), await open()];
    for (const client of [stopped, other]) {
      await client.send(get("/"));
      await client.until("\r\n\r\n");
    }
    await until(() => source.targets.length === 2);
    stopped.stopReading();
    const unsent = mock.method(StreamSocket.prototype, "write", () => undefined);
    const behind = mock.getter(StreamSocket.prototype, "unsentBytes", () => 1000);
    source.targets[0]!.write(piece("one"));
    for (let half = 0; half < 3; half += 1) await pass(30_000);
    await until(() => engine.connections === 1);
    unsent.mock.restore();
    behind.mock.restore();
    assert.equal(source.targets[1]!.write(piece("two")), true);
    await other.until("two");
    assert.equal(source.gone, 1);
  });
});

test("what pushes is told of a stop, and may end its answers", async () => {
  const source = new Source();
  await withEngine(source.handler, async ({ open, engine }) => {
    const client = await open();
    await client.send(get("/"));
    await client.until("\r\n\r\n");
    const drained = engine.drain();
    assert.equal(source.shutdowns, 1);
    source.targets[0]!.write(piece("bye"));
    source.targets[0]!.end();
    assert.match(await client.untilEnd(), /\r\n3\r\nbye\r\n0\r\n\r\n$/);
    client.close();
    await drained;
  });
});

test("what is pushed at the start leaves with the head; an end there is one", async () => {
  const source = new Source();
  source.onStart = (target) => {
    target.write(piece("all"));
    target.end();
    assert.equal(target.write(piece("more")), false);
  };
  await withEngine(source.handler, async ({ open, engine }) => {
    const client = await open();
    await client.send(get("/") + get("/other"));
    assert.match(await client.until("\r\n\r\nother"), /\r\n3\r\nall\r\n0\r\n\r\nHTTP/);
    void engine.drain();
    client.close();
    await until(() => engine.connections === 0);
    assert.deepEqual([source.gone, source.shutdowns], [0, 0]);
  });
});

test("a source that can't start is cut, and a notice", async () => {
  const source = new Source();
  source.onStart = () => {
    throw new Error("a bug");
  };
  await withEngine(source.handler, async ({ open, notices }) => {
    const client = await open();
    await client.send(get("/"));
    assert.doesNotMatch(await client.untilEnd(), /0\r\n\r\n$/);
    assert.equal(notices.length, 1);
  });
});

test("a piece of no bytes would end the body, and is refused", () => {
  assert.throws(() => piece(""), RangeError);
});
