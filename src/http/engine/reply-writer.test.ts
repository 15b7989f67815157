import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { get, withEngine } from "../../testing/index.ts";
import { ByteStream, Reply, type Handler } from "../exchange/index.ts";

const GET = get("/");

const text = (body: string): Reply => new Reply(200, [], Buffer.from(body));

/** Answers with the path; `/later` in another turn of the loop. */
const paths: Handler = (exchange) => {
  const reply = text(`<${exchange.path}>`);
  if (exchange.path !== "/later") return reply;
  return new Promise((resolve) => setImmediate(() => resolve(reply)));
};

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
    new Reply(
      200,
      [
        ["Content-Length", "99"],
        ["Transfer-Encoding", "chunked"],
        ["Connection", "close"],
        ["Date", "yesterday"],
      ],
      Buffer.from("four"),
    );
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
    await withEngine(
      () => new Reply(status, [], Buffer.from("not sent")),
      async ({ open }) => {
        const client = await open();
        await client.send(get("/", "Connection: close"));
        const received = await client.untilEnd();
        assert.doesNotMatch(received, /not sent|Content-Length|Transfer-Encoding/);
      },
    );
  });
}

test("a stream goes out chunked, or until the close for HTTP/1.0", async () => {
  async function* pieces(): AsyncGenerator<Buffer> {
    yield Buffer.from("ab");
    yield Buffer.alloc(0);
    yield Buffer.from("cde");
  }
  await withEngine(
    () => new Reply(200, [], new ByteStream(pieces())),
    async ({ open }) => {
      const client = await open();
      await client.send(get("/", "Connection: close"));
      const received = await client.untilEnd();
      assert.match(
        received,
        /Transfer-Encoding: chunked[^]*\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n$/,
      );
      const old = await open();
      await old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      const plain = await old.untilEnd();
      assert.match(plain, /Connection: close\r\n\r\nabcde$/);
      assert.doesNotMatch(plain, /Transfer-Encoding|Content-Length/);
    },
  );
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

test("text has its length in bytes, and goes out whole, again and again", async () => {
  const fields = [["X-A", "1"]] as const;
  const words = ["plain", "h\u00e9llo", "", "plain", "other", "\u2603".repeat(40_000)];
  let asked = 0;
  const dispatch: Handler = () => new Reply(200, fields, words[asked++] ?? null);
  await withEngine(dispatch, async ({ open }) => {
    const client = await open();
    for (const word of words) {
      // oxlint-disable-next-line no-await-in-loop -- one behind the other
      await client.send(GET);
      const bytes = Buffer.from(word).toString("latin1");
      // oxlint-disable-next-line no-await-in-loop -- its answer
      await client.until(`X-A: 1\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`);
    }
  });
});

test("text that HEAD asks for, or 304 forbids, is not sent", async () => {
  let asked = 0;
  const dispatch: Handler = () => new Reply(asked++ === 0 ? 200 : 304, [], "text");
  await withEngine(dispatch, async ({ open }) => {
    const client = await open();
    await client.send(GET.replace("GET", "HEAD") + GET);
    const received = await client.until("304 Not Modified");
    assert.match(received, /Content-Length: 4\r\n\r\nHTTP\/1\.1 304/);
    assert.doesNotMatch(received, /text/);
  });
});

test("cookies that a handler sets go out behind the reply's fields, on failures none", async () => {
  const setting: Handler = (exchange) => {
    exchange.cookies.set("a", "1");
    exchange.cookies.set("b", "2", { httpOnly: false });
    if (exchange.path === "/fails") return new Failure("bodyTooLarge");
    const status = Number(exchange.path.slice(1));
    return new Reply(status, [["Set-Cookie", "own=0"]], Buffer.from("body"));
  };
  const expected = ["own=0", "a=1; Path=/; HttpOnly; SameSite=Lax", "b=2; Path=/; SameSite=Lax"];
  await withEngine(setting, async ({ open }) => {
    for (const [method, path, cookies] of [
      ["GET", "/200", expected],
      ["HEAD", "/200", expected],
      ["GET", "/204", expected],
      ["GET", "/304", expected],
      ["GET", "/500", expected],
      ["GET", "/fails", []],
    ] as const) {
      const client = await open();
      await client.send(get(path, "Connection: close").replace("GET", method));
      const received = await client.untilEnd();
      const sent = Array.from(received.matchAll(/^Set-Cookie: (.*)\r$/gm), (match) => match[1]);
      assert.deepEqual(sent, cookies, `${method} ${path}`);
    }
  });
});
