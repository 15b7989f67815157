import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer as createPlain, type AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { ByteStream, Reply, text, type Filter } from "../../http/exchange/index.ts";
import { withTemporaryFolder } from "../../testing/index.ts";
import { ConfigError } from "../config-error.ts";
import { StartError } from "../start.ts";
import { createServer } from "./create-server.ts";
import { route } from "./typed-config.ts";

const HELLO = route("/hi/:name", ({ params }) => text(`hi ${params.name}`));

async function bodyOf(url: string, init?: RequestInit): Promise<string> {
  return (await fetch(url, init)).text();
}

test("a server serves what its config says, on a port of its own", async () => {
  await using server = createServer({
    listen: 0,
    routes: [
      HELLO,
      { path: "/u/:id/files/*", handle: (it) => text(`${it.params.id}: ${it.restPath}`) },
      { path: "/gone", respond: { status: 410, body: "gone" } },
    ],
  });
  await server.start();
  assert.equal(await bodyOf(`${server.url}/hi/ann%20b`), "hi ann b");
  assert.equal(await bodyOf(`${server.url}/u/7/files/a/b`), "7: a/b");
  assert.equal((await fetch(`${server.url}/gone`)).status, 410);
  assert.equal((await fetch(`${server.url}/hi/`)).status, 404);
  assert.equal((await fetch(`${server.url}/hi/ann`, { method: "BREW" })).status, 200);
});

test("parameters are the route's that answers, not of one that sent the request on", async () => {
  await using server = createServer({
    listen: 0,
    routes: [
      { path: "/from/:a", handle: (exchange) => exchange.reroute("/to") },
      { path: "/to", handle: ({ params }) => text(JSON.stringify(Object.keys(params))) },
    ],
  });
  await server.start();
  assert.equal(await bodyOf(`${server.url}/from/x`), "[]");
});

test("filters as values stand around the handler, the outermost first", async () => {
  const marked =
    (mark: string): Filter =>
    (next) =>
    async (exchange) =>
      (await next(exchange)).withFields([["X-Mark", mark]]);
  await using server = createServer({
    listen: 0,
    routes: [{ path: "/", handle: () => text("a"), filters: [marked("out"), marked("in")] }],
  });
  await server.start();
  assert.equal((await fetch(server.url)).headers.get("x-mark"), "in, out");
});

test("several servers run beside each other, and one's stop is not another's", async () => {
  const first = createServer({ listen: 0, routes: [{ path: "/", handle: () => text("one") }] });
  await using second = createServer({
    listen: 0,
    routes: [{ path: "/", handle: () => text("two") }],
  });
  await Promise.all([first.start(), second.start()]);
  assert.equal(await bodyOf(first.url), "one");
  await first.stop();
  assert.equal(await bodyOf(second.url), "two");
});

test("to start twice or to stop twice is to do it once; a stopped one starts anew", async () => {
  const server = createServer({ listen: 0, routes: [HELLO] });
  let started = 0;
  let stopped = 0;
  server.on("listening", () => (started += 1)).on("stopped", () => (stopped += 1));
  await server.stop();
  const [one, two] = await Promise.all([server.start(), server.start()]);
  assert.equal(one, two);
  const { url } = server;
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  assert.deepEqual([started, stopped, server.urls], [1, 1, []]);
  await assert.rejects(fetch(`${url}/hi/x`));
  assert.throws(() => server.url, /does not listen/);
  await assert.rejects(server.reload(), /does not run/);
  await server.start();
  assert.equal(await bodyOf(`${server.url}/hi/x`), "hi x");
  await server.stop();
});

test("a stop during the start waits for it, and stops", async () => {
  const server = createServer({ listen: 0, routes: [HELLO] });
  const starting = server.start();
  await server.stop();
  await starting;
  assert.deepEqual(server.urls, []);
});

test("of stop, start, stop the last is what counts", async () => {
  const server = createServer({ listen: 0, routes: [HELLO] });
  await server.start();
  const all = [server.stop(), server.start(), server.stop()];
  await Promise.all(all);
  assert.deepEqual(server.urls, []);
  const again = [server.start(), server.stop(), server.start()];
  await Promise.all(again);
  assert.equal(await bodyOf(`${server.url}/hi/x`), "hi x");
  await server.stop();
});

test("a taken port is a StartError, which leaves nothing: the next start works", async () => {
  const other = createPlain().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const server = createServer({ listen: port, routes: [HELLO] });
  await assert.rejects(server.start(), (error: Error) => {
    assert.ok(error instanceof StartError);
    assert.equal(error.name, "StartError");
    assert.match(error.message, new RegExp(`${port}`));
    return true;
  });
  assert.deepEqual(server.urls, []);
  other.close();
  await once(other, "close");
  await server.start();
  assert.equal(await bodyOf(`${server.url}/hi/x`), "hi x");
  await server.stop();
});

test("a client that leaves is gone to the handler, whose stream ends", async () => {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  async function* forEver(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(64 * 1024);
    } finally {
      leave();
    }
  }
  await using server = createServer({
    listen: 0,
    routes: [
      {
        path: "/",
        handle: () => new Reply(200, [], new ByteStream(forEver())),
      },
    ],
  });
  await server.start();
  const leaving = new AbortController();
  await fetch(server.url, { signal: leaving.signal });
  leaving.abort();
  await left;
});

test("a reload serves another config, a bad one leaves what was", async () => {
  await using server = createServer({ listen: 0, routes: [HELLO] });
  await server.start();
  const { url } = server;
  const bye = { listen: 0, routes: [route("/bye/:name", (it) => text(`bye ${it.params.name}`))] };
  const { restart } = await server.reload(bye);
  assert.deepEqual(restart, []);
  assert.equal(await bodyOf(`${url}/bye/ann`), "bye ann");
  assert.equal((await fetch(`${url}/hi/ann`)).status, 404);
  await assert.rejects(server.reload({ routes: [{ path: "a" }] }), ConfigError);
  await assert.rejects(server.reload({ workers: 2 }), /`workers`/);
  assert.equal(await bodyOf(`${url}/bye/ann`), "bye ann");
  assert.equal((await server.status()).reloads.length, 1);
});

test("files are served and written; the log is written where the config has it", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "a.txt"), "file");
    const access = join(folder, "log/access.log");
    const server = createServer({
      listen: 0,
      log: { access },
      routes: [
        { path: "/files/*", static: { root: folder } },
        { path: "/up/*", upload: { to: join(folder, "up"), serve: true } },
      ],
    });
    await server.start();
    assert.equal(await bodyOf(`${server.url}/files/a.txt`), "file");
    const put = await fetch(`${server.url}/up/b.txt`, { method: "PUT", body: "stored" });
    assert.equal(put.status, 201);
    assert.equal(await bodyOf(`${server.url}/up/b.txt`), "stored");
    await server.stop();
    assert.equal((await readFile(access, "utf8")).trim().split("\n").length, 3);
  }));
