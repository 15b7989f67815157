import assert from "node:assert/strict";
import { connect } from "node:net";
import { mock, test } from "node:test";
import { get, turns, until, Watcher, withEngine } from "../../testing/index.ts";
import { StreamSocket } from "../../transport/index.ts";
import { ByteStream, Reply, type Handler } from "../exchange/index.ts";

async function* given(...pieces: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

/** Notes what is asked of it; gives what the test puts in. */
class Source implements AsyncIterable<Uint8Array> {
  asked = 0;
  returned = 0;
  readonly #waiting: ((next: IteratorResult<Uint8Array>) => void)[] = [];

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => {
        this.asked += 1;
        return new Promise((resolve) => this.#waiting.push(resolve));
      },
      return: async () => {
        this.returned += 1;
        return { done: true, value: undefined };
      },
    };
  }

  give(piece: Uint8Array): void {
    this.#waiting.shift()!({ done: false, value: piece });
  }

  end(): void {
    this.#waiting.shift()!({ done: true, value: undefined });
  }
}

const streaming = (source: AsyncIterable<Uint8Array>, length: number | null = null): Handler => {
  return () => new Reply(200, [], new ByteStream(source, length));
};
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
  test(`a small stream that is answered ${when} leaves with its head and its end`, async () => {
    await withEngine(asIs(streaming(given("ab", "cde"))), async ({ open }) => {
      const client = await open();
      const writes = mock.method(StreamSocket.prototype, "write");
      await client.send(get("/"));
      const received = await client.until("0\r\n\r\n");
      writes.mock.restore();
      assert.match(received, /^HTTP\/1\.1 200 [^]*\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n$/);
      assert.equal(writes.mock.callCount(), 1);
    });
  });

  test(`a head that is answered ${when} does not wait for its content`, async () => {
    const source = new Source();
    await withEngine(asIs(streaming(source)), async ({ open }) => {
      const client = await open();
      await client.send(get("/"));
      await client.until("\r\n\r\n");
      source.give(Buffer.from("first"));
      await client.until("5\r\nfirst\r\n");
      source.give(Buffer.from("second"));
      await client.until("6\r\nsecond\r\n");
      source.end();
      await client.until("0\r\n\r\n");
    });
  });
}

test("a small piece is its maker's again when the next is asked for", async () => {
  async function* reused(): AsyncGenerator<Buffer> {
    const piece = Buffer.alloc(4);
    for (const letter of "abc") yield piece.fill(letter);
  }
  await withEngine(streaming(reused(), 12), async ({ open }) => {
    const client = await open();
    await client.send(get("/"));
    assert.match(await client.until("cccc"), /\r\n\r\naaaabbbbcccc$/);
  });
});

for (const [what, bytes, length, askedMax] of [
  ["large pieces, chunked", 128 * 1024, null, 100],
  ["large pieces of a known length", 128 * 1024, 2 ** 40, 100],
  ["small pieces, chunked", 1024, null, 12_000],
  ["small pieces of a known length", 1024, 2 ** 40, 12_000],
] as const) {
  test(`${what}: no more are asked for than the reader takes`, async () => {
    let asked = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (const piece = Buffer.alloc(bytes); ; asked += 1) yield piece;
    }
    await withEngine(streaming(endless(), length), async ({ open }) => {
      const client = await open();
      client.stopReading();
      await client.send(get("/"));
      for (let before = -1; before < asked || asked === 0;) {
        before = asked;
        await turns(50);
      }
      assert.ok(asked < askedMax, `${asked} pieces`);
    });
  });
}

test("a large piece is not asked beyond before it is sent", async () => {
  const source = new Source();
  await withEngine(streaming(source, 2 ** 30), async ({ open }) => {
    const client = await open();
    client.stopReading();
    await client.send(get("/"));
    await until(() => source.asked > 0);
    source.give(Buffer.alloc(2 ** 24));
    await turns(50);
    assert.equal(source.asked, 1);
  });
});

for (const [request, status] of [
  [get("/").replace("GET", "HEAD"), 200],
  [get("/"), 304],
  [get("/"), 204],
] as const) {
  test(`${request.slice(0, 4)} with ${status}: the source is told, and never asked`, async () => {
    const source = new Source();
    const handler: Handler = () => new Reply(status, [], new ByteStream(source));
    await withEngine(handler, async ({ open }) => {
      const client = await open();
      await client.send(request);
      assert.match(await client.until("\r\n\r\n"), new RegExp(`^HTTP/1.1 ${status} `));
      assert.deepEqual([source.asked, source.returned], [0, 1]);
    });
  });
}

test("a source whose reader left is told when it has its next piece", async () => {
  const source = new Source();
  await withEngine(streaming(source), async ({ open, engine }) => {
    const client = await open();
    await client.send(get("/"));
    await client.until("\r\n\r\n");
    client.reset();
    await until(() => engine.connections === 0);
    source.give(Buffer.from("for nobody"));
    await turns(1);
    assert.deepEqual([source.asked, source.returned], [1, 1]);
  });
});

test("a source that gives too much is told, and nothing beyond the length goes out", async () => {
  const source = new Source();
  await withEngine(streaming(source, 3), async ({ open }) => {
    const client = await open();
    await client.send(get("/"));
    await client.until("\r\n\r\n");
    source.give(Buffer.from("ab"));
    await client.until("ab");
    source.give(Buffer.from("cd"));
    assert.match(await client.untilEnd(), /\r\n\r\nab$/);
    assert.equal(source.returned, 1);
  });
});

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from("ab");
  await turns(1);
  await turns(1);
  throw new Error("broken off");
}

test("behind a stream that breaks off nobody waits for the answer", async () => {
  const watcher = new Watcher();
  await withEngine(watcher.handler, async ({ open, engine }) => {
    const client = await open();
    await client.send(get("/slow"));
    await watcher.underWay();
    watcher.answer(new Reply(200, [], new ByteStream(broken())));
    await until(() => engine.connections === 0);
    assert.equal(watcher.gone, 1);
    assert.doesNotMatch(await client.untilEnd(), /0\r\n\r\n$/);
  });
});

const OLD = "GET / HTTP/1.0\r\n\r\n";
const LAST = get("/", "Connection: close");
for (const [name, request, source, length, visibly] of [
  ["an HTTP/1.0 body that breaks off", OLD, broken, null, "reset"],
  ["an HTTP/1.0 body of a length that breaks off", OLD, broken, 4, "short"],
  ["an HTTP/1.0 body that is too short", OLD, () => given("ab"), 4, "short"],
  ["a last body that breaks off", LAST, broken, null, "open"],
  ["a last body that is too short", LAST, () => given("ab"), 4, "short"],
  ["an HTTP/1.0 body that ends", OLD, () => given("ab"), null, "end"],
] as const) {
  test(`${name} does so visibly: ${visibly}`, async () => {
    await withEngine(streaming(source(), length), async ({ port, engine }) => {
      const { received, end } = await everythingFrom(port, request);
      assert.equal(end, visibly === "reset" ? "ECONNRESET" : "end");
      if (visibly === "short") assert.match(received, /Content-Length: 4\r\n[^]*\r\n\r\n(ab)?$/);
      if (visibly === "open") assert.match(received, /chunked\r\n[^]*\r\n\r\n2\r\nab\r\n$/);
      if (visibly === "end") assert.match(received, /\r\n\r\nab$/);
      await until(() => engine.connections === 0);
    });
  });
}

/** What came for `request`, and how it ended: by "end", or an error's code. */
async function everythingFrom(
  port: number,
  request: string,
): Promise<{ received: string; end: string }> {
  const socket = connect({ port, host: "127.0.0.1" });
  let received = "";
  socket.on("data", (piece) => (received += piece.toString("latin1")));
  socket.write(request);
  const end = await new Promise<string>((resolve) => {
    socket.on("end", () => resolve("end"));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code ?? ""));
  });
  return { received, end };
}
