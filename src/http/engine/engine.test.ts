import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { withEngine } from "../../testing/index.ts";
import { ByteStream, Reply, type Exchange, type Handler } from "../exchange/index.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const text = (body: string): Reply => new Reply(200, [], Buffer.from(body));

/** Answers with the path; `/later` in another turn of the loop. */
const paths: Handler = (exchange) => {
  const reply = text(`<${exchange.path}>`);
  if (exchange.path !== "/later") return reply;
  return new Promise((resolve) => setImmediate(() => resolve(reply)));
};

/** Reads the whole body and answers with its length, or with what went wrong. */
const count: Handler = async ({ body }) => {
  let bytes = 0;
  for (;;) {
    const piece = await body.read();
    if (piece instanceof Failure) return piece;
    if (piece === null) return text(`${bytes} bytes`);
    bytes += piece.length;
  }
};

function get(path: string, ...lines: string[]): string {
  return [`GET ${path} HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n");
}

function post(...lines: string[]): string {
  return ["POST / HTTP/1.1", "Host: localhost", ...lines, "", ""].join("\r\n");
}

function statuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d+) /g)].map((match) => Number(match[1]));
}

test("pipelined requests are answered in order, late answers among them", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(get("/a") + get("/later") + get("/b") + get("/later") + get("/c"));
    const received = await client.until("</c>");
    const order = received.match(/<[^>]*>/g);
    assert.deepEqual(order, ["</a>", "</later>", "</b>", "</later>", "</c>"]);
  });
});

test("a bad request behind good ones is refused after their answers", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(`${get("/later")}${get("/b")}GET / HTTP/1.1\nHost: x\r\n\r\n${get("/c")}`);
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200, 200, 400]);
  });
});

test("Connection: close ends the connection behind its answer, and what follows is not answered", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(get("/a", "Connection: close") + get("/b"));
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200]);
    assert.match(received, /\r\nConnection: close\r\n/);
  });
});

test("the last request that a connection may carry says so", async () => {
  const limits = { requestsPerConnection: 2 };
  const use: Parameters<typeof withEngine>[1] = async ({ open }) => {
    const client = await open();
    await client.send(GET + GET + GET);
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200, 200]);
    assert.equal(received.match(/Connection: close/g)?.length, 1);
  };
  await withEngine(paths, use, { limits });
});

test("an answer to HEAD has the length and no body", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(GET.replace("GET", "HEAD") + get("/z"));
    const received = await client.until("</z>");
    assert.match(received, /^HTTP\/1\.1 200 OK\r\n[^]*?Content-Length: 3\r\n\r\nHTTP\/1\.1 200/);
  });
});

test("a handler can't break the framing", async () => {
  const liar: Handler = () =>
    new Reply(200, [
      ["Content-Length", "99"],
      ["Transfer-Encoding", "chunked"],
      ["Connection", "close"],
      ["Date", "yesterday"],
    ], Buffer.from("four"));
  await withEngine(liar, async ({ open }) => {
    const client = await open();
    await client.send(GET + GET);
    const received = await client.until("four" + "HTTP");
    assert.equal(received.match(/Content-Length: 4\r\n/g)?.length, 2);
    assert.doesNotMatch(received, /99|chunked|close|yesterday/);
  });
});

for (const status of [204, 304]) {
  test(`${status} has neither body nor length`, async () => {
    await withEngine(() => new Reply(status, [], Buffer.from("not sent")), async ({ open }) => {
      const client = await open();
      await client.send(get("/", "Connection: close"));
      const received = await client.untilEnd();
      assert.doesNotMatch(received, /not sent|Content-Length|Transfer-Encoding/);
    });
  });
}

test("a body is read by pull, whole, by length and chunked", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    const long = "x".repeat(200_000);
    await client.send(post(`Content-Length: ${long.length}`) + long);
    await client.until("200000 bytes");
    await client.send(`${post("Transfer-Encoding: chunked")}3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n`);
    await client.until("7 bytes");
  });
});

test("nothing of a body is taken before somebody reads it", async () => {
  let readIt: () => void = () => undefined;
  const later: Handler = async ({ body }) => {
    await new Promise<void>((resolve) => (readIt = resolve));
    const piece = await body.read();
    return piece instanceof Uint8Array ? text(`first ${piece.length}`) : text("nothing");
  };
  await withEngine(later, async ({ port }) => {
    const { connect } = await import("node:net");
    const client = connect({ port, host: "127.0.0.1" });
    client.write(post("Content-Length: 20000000"));
    let left = 20_000_000;
    const pour = (): void => {
      while (left > 0 && client.write(Buffer.alloc(65536))) left -= 65536;
    };
    client.on("drain", pour).on("error", () => undefined);
    pour();
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    while (readIt.length === 0) await turn();
    // As much as the two kernels hold goes over, and not a byte more.
    for (let [still, before] = [0, left]; still < 200; await turn()) {
      still = before === left ? still + 1 : 0;
      before = left;
    }
    assert.ok(left > 0);
    readIt();
    const answer = await new Promise<string>((resolve) =>
      client.once("data", (bytes: Buffer) => resolve(bytes.toString())),
    );
    assert.match(answer, /first \d+$/);
    client.destroy();
  }, { limits: { bodyBytes: 100_000_000 } });
});

test("a body that nobody read is dropped, and the next request answered", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Content-Length: 5")}hello${get("/next")}`);
    const received = await client.until("</next>");
    assert.deepEqual(statuses(received), [200, 200]);
  });
});

test("a body too long to drop costs the connection, not the answer", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(post("Content-Length: 10000000") + "x".repeat(1000));
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200]);
    assert.match(received, /Connection: close/);
  });
});

test("a chunked body that turns out malformed while it is dropped ends the connection", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Transfer-Encoding: chunked")}zz\r\n${get("/next")}`);
    assert.deepEqual(statuses(await client.untilEnd()), [200]);
  });
});

test("a malformed body reaches its reader as a failure, and the connection ends", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Transfer-Encoding: chunked")}3\r\nabcX`);
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [400]);
    assert.match(received, /X-Failure: chunk/);
  });
});

for (const [name, wire] of [
  ["announced", `${post("Content-Length: 101")}${"x".repeat(101)}`],
  ["chunked", `${post("Transfer-Encoding: chunked")}65\r\n${"x".repeat(101)}\r\n0\r\n\r\n`],
] as const) {
  test(`a body over the limit is 413 (${name})`, async () => {
    const use: Parameters<typeof withEngine>[1] = async ({ open }) => {
      const client = await open();
      await client.send(wire);
      assert.deepEqual(statuses(await client.untilEnd()), [413]);
    };
    await withEngine(count, use, { limits: { bodyBytes: 100 } });
  });
}

test("a client that waits for 100 is told to go on when the body is first read", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(post("Expect: 100-continue", "Content-Length: 3"));
    await client.until("HTTP/1.1 100 Continue\r\n\r\n");
    await client.send("abc");
    assert.deepEqual(statuses(await client.until("3 bytes")), [100, 200]);
  });
});

test("no 100 where the body is refused unread, nor where it is already there", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(post("Expect: 100-continue", "Content-Length: 3"));
    const received = await client.untilEnd();
    assert.deepEqual(statuses(received), [200]);
    assert.match(received, /Connection: close/);
  });
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Expect: 100-continue", "Content-Length: 3")}abc`);
    assert.deepEqual(statuses(await client.until("3 bytes")), [200]);
  });
});

test("a client that half-closes still gets its answers", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(get("/later") + get("/b"));
    client.finish();
    assert.deepEqual(statuses(await client.untilEnd()), [200, 200]);
  });
});

test("a body that ends too early is a failure to its reader", async () => {
  await withEngine(count, async ({ open }) => {
    const client = await open();
    await client.send(`${post("Content-Length: 10")}abc`);
    client.finish();
    assert.match(await client.untilEnd(), /X-Failure: bodyCut/);
  });
});

test("a stream goes out chunked, or until the close for HTTP/1.0", async () => {
  async function* pieces(): AsyncGenerator<Buffer> {
    yield Buffer.from("ab");
    yield Buffer.alloc(0);
    yield Buffer.from("cde");
  }
  await withEngine(() => new Reply(200, [], new ByteStream(pieces())), async ({ open }) => {
    const client = await open();
    await client.send(get("/", "Connection: close"));
    const received = await client.untilEnd();
    assert.match(received, /Transfer-Encoding: chunked[^]*\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n$/);
    const old = await open();
    await old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const plain = await old.untilEnd();
    assert.match(plain, /Connection: close\r\n\r\nabcde$/);
    assert.doesNotMatch(plain, /Transfer-Encoding|Content-Length/);
  });
});

for (const [name, source, length] of [
  ["breaks off", () => broken(), null],
  ["gives less than it said", () => once("ab"), 3],
  ["gives more than it said", () => once("abcd"), 3],
] as const) {
  test(`a stream that ${name} never looks whole`, async () => {
    const handler: Handler = () => new Reply(200, [], new ByteStream(source(), length));
    await withEngine(handler, async ({ open, notices }) => {
      const client = await open();
      await client.send(GET);
      const received = await client.untilEnd();
      assert.doesNotMatch(received, /0\r\n\r\n$|abc/);
      assert.equal(notices.length, 1);
    });
  });
}

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from("ab");
  throw new Error("broken off");
}

async function* once(piece: string): AsyncGenerator<Buffer> {
  yield Buffer.from(piece);
}

for (const [name, handler] of [
  ["throws", () => { throw new Error("a bug"); }],
  ["rejects", () => Promise.reject(new Error("a bug"))],
] as [string, Handler][]) {
  test(`a handler that ${name} is a 500 and a notice, and the connection goes on`, async () => {
    const sometimes: Handler = (exchange) =>
      exchange.path === "/bad" ? handler(exchange) : paths(exchange);
    await withEngine(sometimes, async ({ open, notices }) => {
      const client = await open();
      await client.send(get("/bad") + get("/good"));
      assert.deepEqual(statuses(await client.until("</good>")), [500, 200]);
      assert.equal(notices.length, 1);
    });
  });
}

test("what is answered too late is dropped", async () => {
  let answerIt: (reply: Reply) => void = () => undefined;
  let returned = false;
  const stream: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(new Error("nobody reads it")),
      return: async () => {
        returned = true;
        return { done: true as const, value: undefined };
      },
    }),
  };
  const never: Handler = () => new Promise((resolve) => (answerIt = resolve));
  await withEngine(never, async ({ open, pass, finished }) => {
    const client = await open();
    await client.send(get("/"));
    while (answerIt.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await pass(61_000);
    assert.match(await client.until("handlerTimeout"), /^HTTP\/1\.1 504/);
    answerIt(new Reply(200, [], new ByteStream(stream)));
    while (!returned) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(finished.map(({ status }) => status), [504]);
  });
});

test("a request is sent on to another target, but not for ever", async () => {
  const around: Handler = (exchange: Exchange) =>
    exchange.path === "/end" ? text(`end?${exchange.query}`) : exchange.reroute("/end?a=%20");
  await withEngine(around, async ({ open }) => {
    const client = await open();
    await client.send(get("/start"));
    await client.until("end?a=%20");
  });
  await withEngine((exchange) => exchange.reroute("/again"), async ({ open }) => {
    const client = await open();
    await client.send(get("/start"));
    assert.match(await client.until("rerouteLoop"), /^HTTP\/1\.1 500/);
  });
});

test("finished exchanges are told, unreadable ones without a request", async () => {
  await withEngine(paths, async ({ open, finished }) => {
    const client = await open();
    await client.send(`${get("/a?b", "User-Agent: me", "Referer: there")}nonsense\r\n\r\n`);
    await client.untilEnd();
    assert.equal(finished.length, 2);
    assert.equal(finished[0]?.request?.target, "/a?b");
    assert.equal(finished[0]?.request?.userAgent, "me");
    assert.equal(finished[0]?.request?.referer, "there");
    assert.deepEqual([finished[0]?.status, finished[0]?.bodyBytes], [200, 4]);
    assert.deepEqual([finished[1]?.status, finished[1]?.request], [400, null]);
    assert.notEqual(finished[0]?.id, finished[1]?.id);
  });
});

test("a client that leaves before its answer is told as 499", async () => {
  let asked = false;
  const never: Handler = () => {
    asked = true;
    return new Promise(() => undefined);
  };
  await withEngine(never, async ({ open, finished, engine }) => {
    const client = await open();
    await client.send(GET);
    while (!asked) await new Promise((resolve) => setImmediate(resolve));
    client.reset();
    while (engine.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(finished.map(({ status }) => status), [499]);
  });
});

test("request ids are on every answer where that is asked for", async () => {
  const use: Parameters<typeof withEngine>[1] = async ({ open }) => {
    const client = await open();
    await client.send(get("/a") + get("/b"));
    const received = await client.until("</b>");
    const ids = [...received.matchAll(/^X-Request-Id: (.+)\r$/gm)].map((match) => match[1]);
    assert.equal(new Set(ids).size, 2);
  };
  await withEngine(paths, use, { requestId: true });
});
