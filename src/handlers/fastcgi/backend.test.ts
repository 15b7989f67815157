import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { poolKey, poolSocket, type PoolNote, type PoolSpec } from "../../runtime/index.ts";
import {
  exchangeOf,
  FastCgiPeer,
  LeavingClient,
  roomContext,
  until,
  withTemporaryFolder,
  type PeerAnswer,
} from "../../testing/index.ts";
import { ask, FASTCGI_DEFAULTS, told } from "../../testing/fastcgi-bench.ts";
import { poolBackend, poolSpec } from "./backend.ts";
import { FastCgiRoute } from "./handler.ts";

const SPEC: PoolSpec = {
  place: "0 /*",
  name: "test",
  command: ["none"],
  workers: 2,
  cwd: "/",
  env: {},
};

interface Bench {
  readonly route: FastCgiRoute;
  readonly peers: readonly FastCgiPeer[];
  readonly hangs: readonly PoolNote[];
  readonly taken: ReadonlySet<number>;
}

/** A pool of two, whose processes the test plays. `freeWaitMs`: until one counts as hanging. */
function withPool(
  answer: PeerAnswer,
  freeWaitMs: number,
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder(async (runFolder) => {
    const peers = [0, 1].map(
      (index) => new FastCgiPeer(poolSocket(runFolder, SPEC, index), answer),
    );
    const servers = peers.map((peer) => createServer((one) => peer.accept(one)).listen(peer.path));
    await Promise.all(servers.map((server) => once(server, "listening")));
    const hangs: PoolNote[] = [];
    const taken = new Set<number>();
    const tryTake = () => {
      const index = taken.has(0) ? 1 : 0;
      taken.add(index);
      return { index, release: () => void taken.delete(index) };
    };
    const slots = { tryTake, take: () => assert.fail("there are two") };
    const context = { runFolder, onPoolHangs: (note: PoolNote) => void hangs.push(note) };
    const backend = poolBackend(SPEC, context, freeWaitMs);
    const route = new FastCgiRoute(FASTCGI_DEFAULTS, roomContext({ slots }), backend);
    try {
      await use({ route, peers, hangs, taken });
    } finally {
      for (const { sockets } of peers) for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    }
  });
}

test("each request goes to the process of its place, on a connection of its own", () =>
  withPool(
    (request) => request.answer("x"),
    60_000,
    async ({ route, peers, taken }) => {
      assert.deepEqual(await Promise.all([ask(route), ask(route)]), ["200 x", "200 x"]);
      assert.deepEqual(
        peers.map(({ requests }) => requests.length),
        [1, 1],
      );
      await until(() => taken.size === 0);
      assert.equal(await ask(route), "200 x");
      assert.equal(peers[0]!.connections, 2);
      assert.equal(peers[0]!.requests[0]!.keeps, false);
    },
  ));

test("a place is not given on before its process has ended what was given up", () =>
  withPool(
    () => {},
    60_000,
    async ({ route, peers, taken, hangs }) => {
      const client = new LeavingClient();
      const answer = route.answer(exchangeOf({ client }));
      await peers[0]!.until(() => peers[0]!.requests.length === 1);
      client.leave();
      assert.equal(await told(await answer), "clientGone");
      await until(() => peers[0]!.asked === 1); // and answers at once
      await until(() => taken.size === 0);
      assert.deepEqual(hangs, []);
    },
  ));

test("a process that broke off is given nobody before its successor answers", () =>
  withPool(
    (request) => {
      if (request.params.get("QUERY_STRING") === "die") request.socket.destroy();
      else request.answer("x");
    },
    60_000,
    async ({ route, peers, taken }) => {
      const [first, other] = peers;
      const asked: Socket[] = [];
      const accept = first!.accept.bind(first);
      const answer = ask(route, { target: "/?die" });
      await until(() => first!.connections === 1);
      first!.accept = (socket) => void asked.push(socket); // it is starting
      assert.equal(await answer, "fastcgiCut");
      assert.deepEqual([...taken], [0]);
      assert.equal(await ask(route), "200 x");
      assert.equal(other!.requests.length, 1);
      await until(() => asked.length === 1);
      accept(asked[0]!);
      await until(() => taken.size === 0);
    },
  ));

test("a process that does not answer whether it is free is told of", () =>
  withPool(
    () => {},
    20,
    async ({ route, peers, taken, hangs }) => {
      const [first] = peers;
      const client = new LeavingClient();
      const answer = route.answer(exchangeOf({ client }));
      await first!.until(() => first!.requests.length === 1);
      first!.accept = () => {}; // busy, as a process with one thread is
      client.leave();
      await answer;
      await until(() => hangs.length > 0);
      assert.deepEqual(hangs, [{ pool: poolKey(SPEC), index: 0 }]);
      await until(() => taken.size === 0);
    },
  ));

test("a process that comes back is waited for, as nothing was sent", () =>
  withTemporaryFolder(async (runFolder) => {
    const path = poolSocket(runFolder, SPEC, 0);
    const peer = new FastCgiPeer(path, (request) => request.answer("back"));
    const backend = poolBackend(SPEC, { runFolder, onPoolHangs: () => {} });
    const slots = { tryTake: () => ({ index: 0, release: () => {} }), take: () => assert.fail() };
    const route = new FastCgiRoute(FASTCGI_DEFAULTS, roomContext({ slots }), backend);
    const answer = ask(route);
    const server = createServer((socket) => peer.accept(socket)).listen(path);
    try {
      assert.equal(await answer, "200 back");
      assert.equal(peer.requests.length, 1);
    } finally {
      server.close();
    }
  }));

test("a place beyond the processes, of a config that follows, is one of theirs", () => {
  const backend = poolBackend(SPEC, { runFolder: "/none", onPoolHangs: () => {} });
  const slot = (index: number) => ({ index, release: () => {} });
  assert.equal(backend.connectionsOf(slot(2)), backend.connectionsOf(slot(0)));
  assert.notEqual(backend.connectionsOf(slot(2)), backend.connectionsOf(slot(1)));
});

for (const { spawn, command } of [
  { spawn: "php-cgi", command: ["php-cgi"] },
  { spawn: ["php-cgi", "-n"], command: ["php-cgi", "-n"] },
]) {
  test(`${JSON.stringify(spawn)} is a pool of ${command.join(" ")}`, () => {
    const spec = poolSpec({ ...FASTCGI_DEFAULTS, spawn, workers: 3, env: { A: "1" } }, "0 /*.php");
    assert.deepEqual(spec, {
      place: "0 /*.php",
      name: "php-cgi of /*.php",
      command,
      workers: 3,
      cwd: "/",
      env: { A: "1" },
    });
  });
}

test("an address is no pool", () => {
  const address = { kind: "unix", path: "/run/php.sock" } as const;
  assert.equal(poolSpec({ ...FASTCGI_DEFAULTS, address }, "0 /*"), null);
});
