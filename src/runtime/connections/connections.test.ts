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
  taken(): Promise<Connection>;
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
            const connection = connections.open({ ...NOBODY, onBytes });
            connection.write(Buffer.from("x"));
          }),
        give: (connection) => new Promise((done) => connections.give(connection, done)),
        taken: () => new Promise((onConnection) => connections.take({ ...NOBODY, onConnection })),
      });
    } finally {
      for (const socket of accepted) socket.destroy();
      server.close();
    }
  });
}

test("what was given back is taken again", () =>
  withBench(async ({ accepted, used, give, taken }) => {
    const first = await used();
    await give(first);
    assert.equal(await taken(), first);
    assert.equal(accepted.length, 1);
    first.destroy();
  }));

test("what is taken is nobody else's", () =>
  withBench(async ({ used, give, taken }) => {
    const first = await used();
    await give(first);
    const [one, other] = await Promise.all([taken(), taken()]);
    assert.equal(one, first);
    assert.notEqual(other, first);
    one.destroy();
    other.destroy();
  }));

test("who comes while one rests waits for it, and has it when it has rested", () =>
  withBench(async ({ accepted, used, give, taken }) => {
    const first = await used();
    const events: string[] = [];
    const rested = give(first).then(() => events.push("rested"));
    const [one, other] = await Promise.all([
      taken().finally(() => events.push("taken")),
      taken(),
      rested,
    ]);
    assert.deepEqual(events, ["taken", "rested"]);
    assert.equal(one, first);
    assert.notEqual(other, first);
    await until(() => accepted.length === 2);
    one.destroy();
    other.destroy();
  }));

test("one that its peer ends as it is taken is nobody's", () =>
  withBench(async ({ accepted, used, give, taken }) => {
    const first = await used();
    await give(first);
    await new Promise(setImmediate); // what comes now is seen before the next
    accepted[0]!.destroy();
    const next = await taken();
    assert.notEqual(next, first);
    next.destroy();
  }));

for (const [how, act] of [
  ["ends it", (socket: Socket) => void socket.end()],
  ["breaks it off", (socket: Socket) => void socket.destroy()],
] as const) {
  test(`a peer that ${how} when all was said is found out before anybody has it`, () =>
    withBench(async ({ connections, accepted, used, give, taken }) => {
      assert.equal(connections.keeps, true);
      const first = await used();
      act(accepted[0]!);
      await give(first);
      await until(() => first.isOver);
      const next = await taken();
      assert.notEqual(next, first);
      assert.equal(connections.keeps, false, "it is asked to keep none");
      next.destroy();
    }));
}

test("a connection on which somebody speaks unasked is nobody's", () =>
  withBench(async ({ accepted, used, give, taken }) => {
    const first = await used();
    await give(first);
    accepted[0]!.write("by the way");
    await until(() => first.isOver);
    const next = await taken();
    assert.notEqual(next, first);
    next.destroy();
  }));

test("none is kept for long, used or not", () =>
  withBench(async ({ connections, accepted, used, give }) => {
    const ended = new Set<Socket>();
    await give(await used());
    await give(await used());
    for (const socket of accepted) socket.on("close", () => ended.add(socket));
    await until(() => ended.size === accepted.length);
    assert.equal(connections.keeps, true, "nobody else ended them");
  }));
