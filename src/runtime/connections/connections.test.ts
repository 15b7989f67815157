import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { until, withTemporaryFolder } from "../../testing/index.ts";
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

function withBench(use: (bench: Bench) => Promise<void>): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const accepted: Socket[] = [];
    const server = createServer((socket) => {
      accepted.push(socket);
      socket.on("data", () => socket.write("answer")).on("error", () => {});
    }).listen(path);
    await once(server, "listening");
    const connections = new Connections({ kind: "unix", path });
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
            const connection = connections.take({ ...NOBODY, onBytes });
            connection.write(Buffer.from("x"));
          }),
        give: (connection) => new Promise((done) => connections.give(connection, done)),
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
    one.destroy();
    other.destroy();
  }));

test("what was given back in this turn rests", () =>
  withBench(async ({ connections, used, give }) => {
    const first = await used();
    const rested = give(first);
    const other = connections.take(NOBODY);
    assert.notEqual(other, first);
    other.destroy();
    await rested;
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
      next.destroy();
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
    next.destroy();
  }));

test("none is kept for long, used or not", () =>
  withBench(async ({ accepted, used, give }) => {
    const ended = new Set<Socket>();
    await give(await used());
    await give(await used());
    for (const socket of accepted) socket.on("close", () => ended.add(socket));
    await until(() => ended.size === accepted.length);
  }));
