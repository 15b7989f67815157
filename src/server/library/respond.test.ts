import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  ByteStream,
  json,
  PushPiece,
  PushStream,
  Reply,
  Takeover,
  text,
  type Exchange,
  type PushTarget,
} from "../../http/exchange/index.ts";
import { withTemporaryFolder } from "../../testing/index.ts";
import { respond, Responder } from "./respond.ts";
import { route } from "./typed-config.ts";

function ask(path: string, init?: RequestInit): Request {
  return new Request(`http://any.test${path}`, init);
}

async function sumOf({ body }: Exchange): Promise<Reply> {
  let bytes = 0;
  for (;;) {
    const piece = await body.read();
    if (piece === null) return json(bytes);
    if (!(piece instanceof Uint8Array)) return json(piece.code, { status: 413 });
    bytes += piece.length;
  }
}

const CONFIG = {
  limits: { bodyBytes: "1 KiB" },
  routes: [
    route("/hi/:name", (it) => text(`hi ${it.params.name}`)),
    route("/sum", sumOf),
    route("/empty", () => new Reply(204, [["X-A", "1"]])),
    route("/framed", () => new Reply(200, [["Transfer-Encoding", "chunked"]], Buffer.from("ab"))),
    route("/twice", () =>
      text("a", {
        headers: [
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
        ],
      }),
    ),
    route("/host", (it) =>
      text(`${it.authority} ${it.fields.get("host")} ${it.connection.secure}`),
    ),
  ],
};

for (const { request, status, body } of [
  { request: ask("/hi/ann"), status: 200, body: "hi ann" },
  { request: ask("/hi/a%2Fb?x"), status: 200, body: "hi a%2Fb" },
  { request: ask("/none"), status: 404, body: null },
  { request: ask("/hi/%ff"), status: 400, body: null },
  { request: ask("/empty"), status: 204, body: "" },
  { request: ask("/hi/ann", { method: "HEAD" }), status: 200, body: "" },
  { request: ask("/sum", { method: "POST", body: "abc" }), status: 200, body: "3" },
  {
    request: ask("/sum", { method: "POST", body: "a".repeat(2000) }),
    status: 413,
    body: '"bodyTooLarge"',
  },
  { request: ask("/host"), status: 200, body: "any.test any.test false" },
  {
    request: new Request("https://b.test:8443/host"),
    status: 200,
    body: "b.test:8443 b.test:8443 true",
  },
]) {
  test(`${request.method} ${request.url} is ${status}`, async () => {
    const response = await respond(CONFIG, request);
    assert.equal(response.status, status);
    if (body !== null) assert.equal(await response.text(), body);
  });
}

test("fields of the message are made, those of a connection are none", async () => {
  const response = await respond(CONFIG, ask("/framed"));
  assert.equal(response.headers.get("content-length"), "2");
  assert.equal(response.headers.get("transfer-encoding"), null);
  assert.deepEqual((await respond(CONFIG, ask("/twice"))).headers.getSetCookie(), ["a=1", "b=2"]);
});

test("failures are answered as the engine answers them", async () => {
  const headers = { accept: "application/json" };
  const response = await respond(CONFIG, ask("/none", { headers }));
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(((await response.json()) as { status: number }).status, 404);
});

test("what throws is a 500 with an id, which the fault repeats", async () => {
  const responder = new Responder({
    routes: [route("/", () => Promise.reject(new Error("boo")))],
  });
  const told: (string | null)[] = [];
  responder.server.on("error", ({ id }) => told.push(id));
  const response = await responder.respond(ask("/"));
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /boo/);
  assert.deepEqual(told, [response.headers.get("x-request-id")]);
  await responder.server.stop();
});

test("bodies stream both ways, by pull", async () => {
  const echo = async function* ({ body }: Exchange): AsyncGenerator<Uint8Array> {
    for (let piece = await body.read(); piece instanceof Uint8Array; piece = await body.read()) {
      yield piece;
    }
  };
  const config = { routes: [route("/", (it) => new Reply(200, [], new ByteStream(echo(it))))] };
  const sent = new TransformStream<Uint8Array, Uint8Array>();
  const writer = sent.writable.getWriter();
  const init = { method: "POST", body: sent.readable, duplex: "half" } as RequestInit;
  const response = await respond(config, ask("/", init));
  const reader = response.body!.getReader();
  for (const word of ["one", "two"]) {
    const written = writer.write(Buffer.from(word));
    const { value } = await reader.read();
    assert.equal(Buffer.from(value ?? []).toString(), word);
    await written;
  }
  await writer.close();
  assert.equal((await reader.read()).done, true);
});

for (const how of ["aborts", "cancels the body"]) {
  test(`a handler is told of a client that ${how}`, async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    let isReturned = false;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from("a");
      } finally {
        isReturned = true;
      }
    };
    const config = {
      routes: [
        route("/", (exchange) => {
          exchange.onGone(resolve);
          return new Reply(200, [], new ByteStream(source()));
        }),
      ],
    };
    const leaving = new AbortController();
    const response = await respond(config, ask("/", { signal: leaving.signal }));
    const reader = response.body!.getReader();
    await reader.read();
    if (how === "aborts") leaving.abort();
    else await reader.cancel();
    await gone;
    assert.equal(isReturned, how !== "aborts");
  });
}

test("what is pushed comes, until it ends or nobody reads it", async () => {
  const targets: PushTarget[] = [];
  const gone: string[] = [];
  const start = (target: PushTarget) => {
    targets.push(target);
    return { onGone: () => gone.push("gone"), onShutdown: () => undefined };
  };
  const config = { routes: [route("/", () => new Reply(200, [], new PushStream(start)))] };
  const whole = await respond(config, ask("/"));
  targets[0]!.write(new PushPiece(Buffer.from("a")));
  targets[0]!.end();
  assert.equal(targets[0]!.write(new PushPiece(Buffer.from("late"))), false);
  assert.equal(await whole.text(), "a");
  const left = await respond(config, ask("/"));
  await left.body!.cancel();
  assert.equal(targets[1]!.write(new PushPiece(Buffer.from("b"))), false);
  const slow = await respond(config, ask("/"));
  const large = new PushPiece(Buffer.alloc(100_000));
  assert.deepEqual(
    [1, 2, 3].map(() => targets[2]!.write(large)),
    [true, true, false],
  );
  await assert.rejects(slow.text(), /nobody reads/);
  assert.deepEqual(gone, ["gone", "gone"]);
});

test("text goes out as UTF-8; what takes a connection over is refused in words", async () => {
  const refused: string[] = [];
  const takeover = new Takeover(
    () => assert.fail("there is no tunnel"),
    () => refused.push("refused"),
  );
  const config = {
    routes: [
      route("/text", () => new Reply(200, [], "hö")),
      route("/socket", () => new Reply(101, [], takeover)),
    ],
  };
  const response = await respond(config, ask("/text"));
  assert.deepEqual([response.headers.get("content-length"), await response.text()], ["3", "hö"]);
  await assert.rejects(respond(config, ask("/socket")), /startTestServer/);
  assert.deepEqual(refused, ["refused"]);
});

test("static files come whole, by ranges, and as listings", () =>
  withTemporaryFolder(async (folder) => {
    const large = Buffer.alloc(300_000, "0123456789");
    await writeFile(join(folder, "large.bin"), large);
    const config = { routes: [{ path: "/*", static: { root: folder, list: true } }] };
    const whole = await respond(config, ask("/large.bin"));
    assert.equal(whole.headers.get("content-length"), "300000");
    assert.deepEqual(Buffer.from(await whole.arrayBuffer()), large);
    const headers = { range: "bytes=5-9,100-101" };
    const part = await respond(config, ask("/large.bin", { headers }));
    assert.equal(part.status, 206);
    assert.match(await part.text(), /56789[^]*01/);
    assert.match(await (await respond(config, ask("/"))).text(), /large\.bin/);
    const left = await respond(config, ask("/large.bin"));
    await left.body!.cancel();
  }));

test("a config without a socket has no threads", () => {
  assert.throws(() => new Responder({ workers: 2 }), /workers/);
});
