import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteStream, Reply } from "../../http/exchange/index.ts";
import type { RoomContext } from "../../http/room.ts";
import { encodeStream, FASTCGI_TYPES } from "../../protocol/index.ts";
import { exchangeOf, LeavingClient, turns, until } from "../../testing/index.ts";
import { ask, bodyOf, textOf, told, withFastCgiBench } from "../../testing/fastcgi-bench.ts";

const OK = "Content-Type: text/plain\r\n\r\n";

test("a program's answer goes out, and it is told of the request", () =>
  withFastCgiBench(
    (request) => request.answer("hello"),
    async ({ peer, route }) => {
      const fields = { "x-a": "1", proxy: "evil", authorization: "Basic x" };
      const asked = { target: "/app/a%20b?q=1", prefixLength: 5, fields };
      assert.equal(await ask(route({ env: { MODE: "test" } }), asked), "200 hello");
      const { params, input } = peer.requests[0]!;
      assert.equal(params.get("SCRIPT_NAME"), "/app");
      assert.equal(params.get("PATH_INFO"), "/a b");
      assert.equal(params.get("QUERY_STRING"), "q=1");
      assert.equal(params.get("MODE"), "test");
      assert.equal(params.get("HTTP_X_A"), "1");
      for (const absent of [
        "HTTP_PROXY",
        "HTTP_AUTHORIZATION",
        "CONTENT_LENGTH",
        "SCRIPT_FILENAME",
      ]) {
        assert.equal(params.has(absent), false, absent);
      }
      assert.equal(input, "");
    },
  ));

for (const [words, content, length] of [
  ["in memory", 1000, 1000],
  ["whose length nobody said", 40_000, null],
  ["in a file", 300_000, 300_000],
  ["in a file, of no known length", 300_000, null],
] as const) {
  test(`a body ${words} is sent whole, with its length`, () =>
    withFastCgiBench(
      (request) => request.answer(String(request.input.length)),
      async ({ peer, route }) => {
        const bytes = Buffer.alloc(content, "abc");
        const asked = { method: "POST", body: bodyOf(bytes, length) };
        assert.equal(await ask(route(), asked), `200 ${content}`);
        const [request] = peer.requests;
        assert.equal(request!.params.get("CONTENT_LENGTH"), String(content));
        assert.equal(request!.input, bytes.toString("latin1"));
      },
    ));
}

test("a program that ends a connection which it was to keep is asked to keep no other", () =>
  withFastCgiBench(
    (request) => {
      request.answer("x");
      request.socket.end();
    },
    async ({ peer, route }) => {
      const one = route();
      assert.equal(await ask(one), "200 x");
      await until(() => peer.sockets.size === 0);
      for (let times = 0; times < 3; times += 1) assert.equal(await ask(one), "200 x");
      const asked = peer.requests.map(({ keeps }) => keeps);
      assert.equal(asked[0], true);
      assert.equal(asked.at(-1), false);
    },
  ));

test("a program that breaks off on a connection which it kept is asked to keep no other", () =>
  withFastCgiBench(
    (request) => {
      if (request.params.get("QUERY_STRING") === "die") request.socket.destroy();
      else request.answer("x");
    },
    async ({ peer, route }) => {
      const one = route();
      assert.equal(await ask(one), "200 x");
      assert.equal(await ask(one, { target: "/?die" }), "fastcgiCut");
      assert.equal(await ask(one), "200 x");
      assert.equal(peer.connections, 2);
      assert.equal(peer.requests[2]!.keeps, false);
    },
  ));

test("a connection serves one request after the other", () =>
  withFastCgiBench(
    (request) => request.answer("x"),
    async ({ peer, route }) => {
      const one = route();
      for (let round = 0; round < 5; round += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        assert.equal(await ask(one), "200 x");
        // oxlint-disable-next-line no-await-in-loop -- what was given back rests for two turns
        await turns(4);
      }
      assert.equal(peer.requests.length, 5);
      assert.ok(peer.connections < 5, `${peer.connections} connections`);
    },
  ));

test("a connection that the program closes behind its answer gets no other request", () =>
  withFastCgiBench(
    (request) => {
      request.answer("x");
      request.socket.end();
    },
    async ({ peer, route }) => {
      const one = route();
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      for (let round = 0; round < 20; round += 1) assert.equal(await ask(one), "200 x");
      assert.equal(peer.connections, 20);
    },
  ));
test("what it writes to STDERR is logged line by line, with the script", () =>
  withFastCgiBench(
    (request) => {
      request.err("PHP Warning: a\nPHP ");
      request.out(OK);
      request.err("Notice: b");
      request.end();
    },
    async ({ route, log }) => {
      assert.equal(await ask(route(), { target: "/app/x", prefixLength: 5 }), "200");
      assert.deepEqual(log.warnings, ["/app: PHP Warning: a", "/app: PHP Notice: b"]);
    },
  ));

test("of a client that leaves, the program is told, and its connection closed", () =>
  withFastCgiBench(
    (request) => request.out(`${OK}begun`),
    async ({ peer, route }) => {
      const client = new LeavingClient();
      const answer = await route().answer(exchangeOf({ client }));
      assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
      client.leave();
      await peer.until(() => peer.aborts === 1 && peer.sockets.size === 0);
      assert.equal(await textOf(answer.body), "begun…");
    },
  ));

test("a program that has answered and does not end is given up", () =>
  withFastCgiBench(
    (request) => request.out(`Content-Length: 2\r\n${OK}ok`),
    async ({ peer, route }) => {
      let taken = 0;
      const slot = { index: 0, release: () => (taken -= 1) };
      const slots = { tryTake: () => ((taken += 1), slot), take: () => assert.fail("one is free") };
      assert.equal(await ask(route({}, { slots, handlerMs: 50 })), "200 ok");
      await peer.until(() => peer.aborts === 1 && peer.sockets.size === 0);
      await until(() => taken === 0);
    },
  ));

test("a client that left while its turn was awaited costs the program nothing", () =>
  withFastCgiBench(
    (request) => request.answer("x"),
    async ({ peer, route }) => {
      const client = new LeavingClient();
      client.leave();
      const never = new Promise<never>(() => {});
      const slots = { tryTake: () => null, take: () => never };
      const asked = route({}, { slots }).answer(exchangeOf({ client }));
      assert.equal(await told(await asked), "clientGone");
      assert.equal(peer.connections, 0);
    },
  ));

test("an answer that nobody reads makes its program wait", () =>
  withFastCgiBench(
    (request) => {
      const piece = Buffer.alloc(60_000, "x");
      const writes = (left: number): void => {
        if (left === 0) return request.end();
        request.socket.write(encodeStream(FASTCGI_TYPES.stdout, 1, piece), () => writes(left - 1));
      };
      request.out(OK);
      writes(400);
    },
    async ({ peer, route }) => {
      const answer = await route().answer(exchangeOf({}));
      assert.ok(answer instanceof Reply && answer.body instanceof ByteStream);
      await turns(2000); // in which it could be read
      const [socket] = peer.sockets;
      assert.ok(socket!.bytesWritten < 5e6, `${socket!.bytesWritten} bytes went`);
      assert.equal((await textOf(answer.body)).length, 400 * 60_000);
    },
  ));

test("every slot is given back, whatever the program does", () =>
  withFastCgiBench(
    (request) => {
      const kind = request.params.get("QUERY_STRING");
      if (kind === "cut") request.socket.destroy();
      else if (kind === "bad") request.raw("bad bad bad");
      else request.answer("x");
    },
    async ({ route }) => {
      let taken = 0;
      const slots: RoomContext["slots"] = {
        tryTake: () => {
          taken += 1;
          return { index: 0, release: () => (taken -= 1) };
        },
        take: () => assert.fail("there is no end of them"),
      };
      const one = route({}, { slots });
      const kinds = Array.from({ length: 60 }, (_, index) => ["good", "cut", "bad"][index % 3]!);
      await Promise.all(kinds.map((kind) => ask(one, { target: `/?${kind}` })));
      await until(() => taken === 0);
    },
  ));
