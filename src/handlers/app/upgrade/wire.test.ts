import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clientFrame,
  framesIn,
  OPENING,
  until,
  withEngine,
  type ClientFrame,
  type EngineServer,
  type RawConnection,
} from "../../../testing/index.ts";
import { Failure } from "../../../base/failure.ts";
import { Reply } from "../../../http/exchange/index.ts";
import { upgradeOf, UpgradeRefused, type UpgradeOptions } from "./upgrade.ts";
import type { ServerWebSocket } from "./server-web-socket.ts";

interface Bench extends EngineServer {
  readonly socket: () => ServerWebSocket;
  readonly messages: unknown[];
  readonly closes: { code: number; reason: string; wasClean: boolean }[];
  readonly errors: unknown[];
  opened(): Promise<RawConnection>;
}

async function withSockets(
  options: UpgradeOptions,
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  const sockets: ServerWebSocket[] = [];
  const messages: unknown[] = [];
  const closes: Bench["closes"] = [];
  const errors: unknown[] = [];
  await withEngine(
    (exchange) => {
      const { socket, response } = upgradeOf(exchange, options, (error) => errors.push(error));
      socket.addEventListener("message", ({ data }) => void messages.push(data));
      socket.addEventListener("close", ({ code, reason, wasClean }) => {
        closes.push({ code, reason, wasClean });
      });
      sockets.push(socket);
      return response.reply();
    },
    async (server) => {
      const opened = async (): Promise<RawConnection> => {
        const client = await server.open();
        await client.send(OPENING);
        await client.until("\r\n\r\n");
        return client;
      };
      await use({ ...server, opened, socket: () => sockets.at(-1)!, messages, closes, errors });
    },
  );
}

/** The code of the close frame that `client` is sent, once it is closed. */
async function closeCode(client: RawConnection): Promise<number | null> {
  await client.untilEnd();
  const last = framesIn(client.received).at(-1);
  if (last?.opcode !== 8) return null;
  return last.data.length === 0 ? 0 : last.data.readUInt16BE();
}

test("messages of one and of many frames, and of frames in many pieces, arrive", async () => {
  await withSockets({}, async ({ opened, messages }) => {
    const client = await opened();
    await client.send(clientFrame("one"));
    await client.send(clientFrame("tw", { fin: false }));
    await client.send(clientFrame("in between", { opcode: 9 }));
    await client.send(clientFrame("", { opcode: 0, fin: false }));
    await client.send(clientFrame("o", { opcode: 0 }));
    for (const byte of clientFrame("thrée")) await client.send(Buffer.of(byte));
    await client.send(clientFrame("", { opcode: 1 }));
    await client.send(clientFrame(Buffer.of(1, 2), { opcode: 2 }));
    await until(() => messages.length === 5);
    assert.deepEqual(messages, ["one", "two", "thrée", "", Uint8Array.of(1, 2).buffer]);
    await until(() => framesIn(client.received).length === 1);
    const [pong] = framesIn(client.received);
    assert.deepEqual([pong!.opcode, pong!.data.toString()], [10, "in between"]);
  });
});

const BAD: readonly [
  name: string,
  code: number,
  ...(readonly [string | Uint8Array, ClientFrame])[],
][] = [
  ["without a mask", 1002, ["x", { masked: false }]],
  ["with RSV1", 1002, ["x", { reserved: 0x40 }]],
  ["with RSV2", 1002, ["x", { reserved: 0x20 }]],
  ["of an unknown kind", 1002, ["x", { opcode: 3 }]],
  ["of an unknown control", 1002, ["x", { opcode: 11 }]],
  ["that goes on with nothing", 1002, ["x", { opcode: 0 }]],
  ["that begins within another", 1002, ["x", { fin: false }], ["y", {}]],
  ["a ping in pieces", 1002, ["x", { opcode: 9, fin: false }]],
  ["a ping that is long", 1002, ["x".repeat(126), { opcode: 9 }]],
  ["a close of one byte", 1002, ["x", { opcode: 8 }]],
  ["a close with 1005", 1002, [Buffer.of(3, 237), { opcode: 8 }]],
  ["a close with 1006", 1002, [Buffer.of(3, 238), { opcode: 8 }]],
  ["a close with 999", 1002, [Buffer.of(3, 231), { opcode: 8 }]],
  ["a close whose reason is no text", 1007, [Buffer.of(3, 232, 0xff), { opcode: 8 }]],
  ["text that is no UTF-8", 1007, [Buffer.of(0xc3, 0x28), {}]],
  ["text with a surrogate", 1007, [Buffer.of(0xed, 0xa0, 0x80), {}]],
  ["text that ends within a letter", 1007, [Buffer.of(0xc3), { fin: false }], ["", { opcode: 0 }]],
  ["that says it is too long", 1009, ["", { length: 1001n }]],
  ["that says it is endless", 1009, ["", { length: 2n ** 63n - 1n }]],
  [
    "that is too long in sum",
    1009,
    ["x".repeat(600), { fin: false }],
    ["x".repeat(401), { opcode: 0 }],
  ],
];
for (const [name, code, ...frames] of BAD) {
  test(`a frame ${name} is closed with ${code}, and nothing behind it is looked at`, async () => {
    await withSockets(
      { messageBytes: 1000 },
      async ({ opened, closes, messages, errors, engine }) => {
        const client = await opened();
        const sent = frames.map(([payload, how]) => clientFrame(payload, how));
        await client.send(Buffer.concat([...sent, clientFrame("behind"), clientFrame("it")]));
        assert.equal(await closeCode(client), code);
        assert.deepEqual([closes.length, closes[0]!.code, closes[0]!.wasClean], [1, code, false]);
        assert.deepEqual([messages, errors], [[], []]);
        client.close();
        await until(() => engine.connections === 0);
      },
    );
  });
}

test("a message of the most bytes that are taken is taken", async () => {
  await withSockets({ messageBytes: 1000 }, async ({ opened, messages }) => {
    const client = await opened();
    await client.send(clientFrame("x".repeat(1000)));
    await until(() => messages.length === 1);
  });
});

test("a message in too many pieces is closed with 1008", async () => {
  await withSockets({}, async ({ opened, closes }) => {
    const client = await opened();
    const piece = clientFrame("", { opcode: 0, fin: false });
    await client.send(clientFrame("", { fin: false }));
    await client.send(Buffer.concat(Array.from({ length: 17_000 }, () => piece)));
    assert.equal(await closeCode(client), 1008);
    assert.equal(closes[0]!.code, 1008);
  });
});

for (const [name, payload, expected, told] of [
  ["a code and a reason", Buffer.concat([Buffer.of(0x0b, 0xb8), Buffer.from("bye")]), 3000, 3000],
  ["nothing", Buffer.alloc(0), 0, 1005],
] as const) {
  test(`a client that closes with ${name} is answered so, and it is clean`, async () => {
    await withSockets({}, async ({ opened, closes, finished, engine }) => {
      const client = await opened();
      await client.send(Buffer.concat([clientFrame(payload, { opcode: 8 }), clientFrame("late")]));
      assert.equal(await closeCode(client), expected);
      const reason = told === 3000 ? "bye" : "";
      assert.deepEqual(closes, [{ code: told, reason, wasClean: true }]);
      client.finish();
      await until(() => engine.connections === 0);
      assert.equal(finished[0]!.status, 101);
    });
  });
}

for (const way of ["finish", "reset"] as const) {
  test(`a client that leaves without a word (${way}) is 1006, told once`, async () => {
    await withSockets({}, async ({ opened, closes, engine }) => {
      const client = await opened();
      client[way]();
      await until(() => closes.length === 1);
      assert.deepEqual(closes[0], { code: 1006, reason: "", wasClean: false });
      client.close();
      await until(() => engine.connections === 0);
      assert.equal(closes.length, 1);
    });
  });
}

test("a client is pinged, and one that does not answer is cut", async () => {
  await withSockets({ pingInterval: 5_000 }, async ({ opened, pass, closes, engine }) => {
    const client = await opened();
    await pass(6_000);
    assert.deepEqual(
      framesIn(client.received).map(({ opcode }) => opcode),
      [9],
    );
    await client.send(clientFrame("", { opcode: 10 }));
    await until(() => engine.counters.receivedBytes > 0);
    await pass(5_000);
    assert.equal(engine.connections, 1);
    await pass(6_000);
    await until(() => engine.connections === 0);
    assert.equal(closes[0]!.code, 1006);
    await client.untilEnd();
  });
});

test("a close that the client does not answer ends in time", async () => {
  await withSockets({}, async ({ opened, socket, pass, closes, engine }) => {
    const client = await opened();
    socket().close(3001, "go");
    assert.equal(socket().readyState, 2);
    socket().send("nowhere");
    await client.send(clientFrame("not heard"));
    await until(() => engine.counters.receivedBytes > 0);
    await pass(11_000);
    assert.equal(await closeCode(client), 3001);
    assert.deepEqual(closes, [{ code: 3001, reason: "go", wasClean: false }]);
    assert.equal(socket().readyState, 3);
  });
});

test("a client that does not read is cut at the bound of what may wait", async () => {
  await withSockets({ bufferedBytes: 1_000_000 }, async ({ opened, socket, closes }) => {
    const client = await opened();
    client.stopReading();
    const [one] = [socket()];
    for (let sent = 0; one.readyState === 1; sent += 1) {
      assert.ok(sent < 10_000);
      one.send(Buffer.alloc(10_000));
    }
    assert.deepEqual([one.bufferedAmount, closes[0]!.code], [0, 1006]);
  });
});

test("what is no opening is thrown, with its answer", async () => {
  await withEngine(
    (exchange) => {
      try {
        return upgradeOf(exchange, {}, () => undefined).response.reply();
      } catch (error) {
        assert.ok(error instanceof UpgradeRefused && error.failure instanceof Failure);
        return new Reply(426, error.failure.fields);
      }
    },
    async ({ open }) => {
      const client = await open();
      await client.send(OPENING.replace("Version: 13", "Version: 7"));
      const head = await client.until("\r\n\r\n");
      assert.match(head, /^HTTP\/1\.1 426 [^]*Version: 13\r\n[^]*Connection: Upgrade\r\n/);
    },
  );
});
