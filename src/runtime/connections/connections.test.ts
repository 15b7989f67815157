import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { turns, until, withTemporaryFolder } from "../../testing/index.ts";
import { Connections, type Connection } from "./connections.ts";

interface Bench {
  readonly connections: Connections;
  /** The peer's ends, in their order. */
  readonly accepted: Socket[];
  /** Of a connection that was used: it is connected, and its peer has answered. */
  used(): Promise<Connection>;
  give(connection: Connection): Promise<void>;
}

const NOBODY = { onBytes: () => true, onClose: () => {} };

/** Long enough for a slow machine. */
const LONG_MS = 60_000;

function withBench(use: (bench: Bench) => Promise<void>, keptMs = LONG_MS): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const accepted: Socket[] = [];
    const server = createServer((socket) => {
      accepted.push(socket);
      socket.on("data", () => socket.write("answer")).on("error", () => {});
    }).listen(path);
    await once(server, "listening");
    const connections = new Connections({ kind: "unix", path }, keptMs);
    try {
      await use({
        connections,
        accepted,
        used: () =>
          new Promise((resolve) => {
            const onBytes = (): boolean => {
              resolve(connection);
              return true;
            };
            const connection = connections.take({ ...NOBODY, onBytes })!;
            connection.write(Buffer.from("x"));
          }),
        give: async (connection) => {
          connections.give(connection);
          await turns(3);
        },
      });
    } finally {
      for (const socket of accepted) socket.destroy();
      server.close();
    }
  });
}

test("what was given back is taken again", () =>
  withBench(async ({ connections, accepted, used, give }) => {
    const first = await used();
    await give(first);
    assert.equal(connections.take(NOBODY), first);
    assert.equal(accepted.length, 1);
    first.destroy();
  }));

test("what is taken is nobody else's", () =>
  withBench(async ({ connections, used, give }) => {
    const first = await used();
    await give(first);
    const [one, other] = [connections.take(NOBODY), connections.take(NOBODY)];
    assert.notEqual(one, other);
    one!.destroy();
    other!.destroy();
  }));

test("what was given back in this turn rests", () =>
  withBench(async ({ connections, used, give }) => {
    const first = await used();
    const rested = give(first);
    assert.equal(connections.take(NOBODY), null);
    assert.equal(connections.take(NOBODY, true), null);
    await rested;
    first.destroy();
  }));

test("it rests until the sockets of another turn were looked at, and no other is opened", () =>
  withBench(async ({ connections, accepted, used }) => {
    const first = await used(); // the sockets of this turn are being looked at
    connections.give(first);
    await turns(1);
    assert.equal(connections.take(NOBODY, true), null);
    await turns(1);
    assert.equal(connections.take(NOBODY), null); // as if a socket of that turn had told something
    assert.equal(connections.take(NOBODY, true), first);
    assert.equal(accepted.length, 1);
    first.destroy();
  }));

test("of two the one that rests for longest is taken", () =>
  withBench(async ({ connections, used, give }) => {
    const [first, second] = [await used(), await used()];
    await give(first);
    connections.give(second);
    assert.equal(connections.take(NOBODY), first);
    assert.equal(connections.take(NOBODY), null);
    await turns(2);
    assert.equal(connections.take(NOBODY, true), second);
    first.destroy();
    second.destroy();
  }));

for (const [how, act] of [
  ["ends it", (socket: Socket) => void socket.end()],
  ["breaks it off", (socket: Socket) => void socket.destroy()],
] as const) {
  test(`a peer that ${how} when all was said is found out before anybody has it`, () =>
    withBench(async ({ connections, accepted, used, give }) => {
      const first = await used();
      act(accepted[0]!);
      await give(first);
      await until(() => first.isOver);
      const next = connections.take(NOBODY);
      assert.notEqual(next, first);
      assert.equal(connections.keeps, false, "it is asked to keep none");
      next!.destroy();
    }));
}

test("a connection on which somebody speaks unasked is nobody's", () =>
  withBench(async ({ connections, accepted, used, give }) => {
    const first = await used();
    await give(first);
    accepted[0]!.write("by the way");
    await until(() => first.isOver);
    const next = connections.take(NOBODY);
    assert.notEqual(next, first);
    next!.destroy();
  }));

test("none is kept for long, used or not", () =>
  withBench(async ({ connections, accepted, used, give }) => {
    const ended = new Set<Socket>();
    await give(await used());
    await give(await used());
    for (const socket of accepted) socket.on("close", () => ended.add(socket));
    await until(() => ended.size === accepted.length);
    assert.equal(connections.keeps, true, "nobody else ended them");
  }, 20));
