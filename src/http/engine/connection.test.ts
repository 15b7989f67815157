import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { get, statuses, withEngine } from "../../testing/index.ts";
import { ByteStream, Reply, type Exchange, type Handler } from "../exchange/index.ts";

const GET = get("/");

const text = (body: string): Reply => new Reply(200, [], Buffer.from(body));

/** Answers with the path; `/later` in another turn of the loop. */
const paths: Handler = (exchange) => {
  const reply = text(`<${exchange.path}>`);
  if (exchange.path !== "/later") return reply;
  return new Promise((resolve) => setImmediate(() => resolve(reply)));
};

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

test("Connection: close ends the connection, and what follows is not answered", async () => {
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

test("a client that half-closes still gets its answers", async () => {
  await withEngine(paths, async ({ open }) => {
    const client = await open();
    await client.send(get("/later") + get("/b"));
    client.finish();
    assert.deepEqual(statuses(await client.untilEnd()), [200, 200]);
  });
});

for (const [name, handler] of [
  [
    "throws",
    () => {
      throw new Error("a bug");
    },
  ],
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

for (const [name, reply] of [
  ["a line end", () => new Reply(200, [["X-A", "a\r\nX-B: b"]])],
  ["no name", () => new Reply(200, [["", "a"]])],
] as const) {
  test(`an answer with a field that has ${name} is a 500, and the server goes on`, async () => {
    for (const answer of [reply, async () => reply()]) {
      const sometimes: Handler = (exchange) =>
        exchange.path === "/bad" ? answer() : paths(exchange);
      await withEngine(sometimes, async ({ open, notices }) => {
        const client = await open();
        await client.send(get("/bad") + get("/good"));
        const received = await client.until("</good>");
        assert.deepEqual(statuses(received), [500, 200]);
        assert.doesNotMatch(received, /X-B/);
        assert.equal(notices.length, 1);
      });
    }
  });
}

test("requests that were received are answered, however slowly the answers are read", async () => {
  const answers = 12;
  const large: Handler = () => new Reply(200, [], Buffer.alloc(400_000, "x"));
  const use: Parameters<typeof withEngine>[1] = async ({ port, pass }) => {
    const client = connect({ port, host: "127.0.0.1" });
    client.pause();
    client.write(GET.repeat(answers));
    let bytes = 0;
    client.on("data", (piece: Buffer) => (bytes += piece.length));
    for (let round = 0; round < 400 && bytes < answers * 400_000; round += 1) {
      client.pause();
      await pass(1000);
      client.resume();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    assert.ok(bytes > answers * 400_000, `${bytes} bytes`);
    client.destroy();
  };
  await withEngine(large, use, { timeouts: { keepAlive: 3000, write: 600_000 } });
});

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
    assert.deepEqual(
      finished.map(({ status }) => status),
      [504],
    );
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
  await withEngine(
    (exchange) => exchange.reroute("/again"),
    async ({ open }) => {
      const client = await open();
      await client.send(get("/start"));
      assert.match(await client.until("rerouteLoop"), /^HTTP\/1\.1 500/);
    },
  );
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
    assert.deepEqual(
      finished.map(({ status }) => status),
      [499],
    );
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

test("a client that asks and asks without reading is not answered for ever", async () => {
  let answers = 0;
  const large: Handler = () => {
    answers += 1;
    return new Reply(200, [], Buffer.alloc(10_000));
  };
  await withEngine(large, async ({ port }) => {
    const client = connect({ port, host: "127.0.0.1" }).on("error", () => undefined);
    client.pause();
    const requests = Buffer.from(GET.repeat(1000));
    for (let sent = 0; sent < 100; sent += 1) client.write(requests);
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    for (let [still, before] = [0, -1]; still < 500; await turn()) {
      still = before === answers ? still + 1 : 0;
      before = answers;
    }
    assert.ok(answers > 0 && answers < 5000, `${answers} answers`);
    client.destroy();
  });
});
