import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import {
  SocketNotes,
  withSocketPairs,
  withTemporaryFolder,
  type SocketPair,
} from "../testing/index.ts";
import type { ListenAddress } from "./address.ts";
import { listen } from "./listener.ts";
import { canShareReads } from "./shared-reads.ts";
import { ways } from "./ways.ts";

const MIB = 1024 ** 2;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("this Node's sockets can be read into a shared buffer", async () => {
  assert.equal(await canShareReads(), true);
});

for (const sharedReads of [true, false]) {
  const by = sharedReads ? "into a shared buffer" : "by 'data'";
  const pairs = (count: number, use: (pairs: SocketPair[]) => Promise<void>): Promise<void> => {
    ways.sharedReads = sharedReads;
    return withSocketPairs(count, use);
  };

  test(`reading ${by}, connections get their own bytes`, () =>
    pairs(3, async (all) => {
      for (let round = 0; round < 20; round += 1) {
        await Promise.all(all.map(({ client }, index) => client.send(`${index}`.repeat(round))));
      }
      for (const [index, { notes }] of all.entries()) {
        await notes.until(() => notes.received.length >= 190);
        assert.equal(notes.received, `${index}`.repeat(190));
      }
    }));

  test(`reading ${by}, what is larger than the buffer comes in order`, () =>
    pairs(1, async ([pair]) => {
      const { client, notes } = pair!;
      const bytes = Buffer.alloc(MIB);
      for (let at = 0; at < MIB; at += 4) bytes.writeUInt32LE(at, at);
      await client.send(bytes);
      await notes.until(() => notes.received.length >= MIB);
      assert.ok(Buffer.from(notes.received, "latin1").equals(bytes));
    }));

  test(`reading ${by}, a paused socket tells nothing until it is resumed`, () =>
    pairs(1, async ([pair]) => {
      const { client, notes } = pair!;
      notes.socket.pause();
      await client.send("held");
      for (let round = 0; round < 20; round += 1) await turn();
      assert.equal(notes.received, "");
      notes.socket.resume();
      await notes.until(() => notes.received !== "");
      assert.equal(notes.received, "held");
    }));

  test(`reading ${by}, a pause amid what comes holds what was not read`, () =>
    pairs(1, async ([pair]) => {
      const { client, notes } = pair!;
      const pausing = { ...notes, pauses: 0 };
      notes.onBytes = (chunk) => {
        notes.received += Buffer.from(chunk).toString("latin1");
        notes.socket.pause();
        pausing.pauses += 1;
        notes.onNext();
      };
      const sending = client.send(Buffer.alloc(MIB, "x"));
      for (let seen = 0; seen < MIB; seen = notes.received.length) {
        await notes.until(() => notes.received.length > seen);
        const held = notes.received.length;
        for (let round = 0; round < 3; round += 1) await turn();
        assert.equal(notes.received.length, held);
        notes.socket.resume();
      }
      await sending;
      assert.ok(pausing.pauses > 1);
    }));

  test(`reading ${by}, the peer's end is told once, and it can still be written to`, () =>
    pairs(1, async ([pair]) => {
      const { client, notes } = pair!;
      await client.send("last");
      client.finish();
      await notes.until(() => notes.told.includes("inputEnd"));
      assert.equal(notes.received, "last");
      notes.socket.write(Buffer.from("answer"));
      notes.socket.end();
      assert.equal(await client.untilEnd(), "answer");
      await notes.until(() => notes.told.includes("close"));
      assert.deepEqual(notes.told, ["inputEnd", "close"]);
    }));

  test(`reading ${by}, a socket destroyed while it tells tells no more`, () =>
    pairs(1, async ([pair]) => {
      const { client, notes } = pair!;
      notes.onBytes = (chunk) => {
        notes.received += chunk.length;
        notes.socket.destroy();
      };
      await client.send("a");
      await client.untilEnd();
      await notes.until(() => notes.told.includes("close"));
      assert.deepEqual([notes.received, notes.told], ["1", ["close"]]);
    }));

  test(`reading ${by}, a reset is a close, and nothing is thrown`, async () => {
    ways.sharedReads = sharedReads;
    await withAccepted({ kind: "tcp", host: "127.0.0.1", port: 0 }, async (notes, client) => {
      client.resetAndDestroy();
      await notes.until(() => notes.told.includes("close"));
      notes.socket.write(Buffer.from("into the void"));
    });
  });

  test(`reading ${by}, a peer that is reset does not take it for an end`, async () => {
    ways.sharedReads = sharedReads;
    await withAccepted({ kind: "tcp", host: "127.0.0.1", port: 0 }, async (notes, client) => {
      const ended = once(client, "end");
      notes.socket.write(Buffer.from("half"));
      notes.socket.reset();
      await assert.rejects(ended, { code: "ECONNRESET" });
      await notes.until(() => notes.told.includes("close"));
      notes.socket.reset();
    });
  });

  test(`reading ${by}, a unix socket that is reset ends`, async () => {
    ways.sharedReads = sharedReads;
    await withTemporaryFolder(async (folder) => {
      await withAccepted({ kind: "unix", path: join(folder, "s") }, async (notes, client) => {
        assert.equal(notes.socket.localAddress, "");
        const ended = once(client.resume(), "end");
        notes.socket.reset();
        await ended;
        await notes.until(() => notes.told.includes("close"));
      });
    });
  });

  test(`reading ${by}, the address that the peer reached is known while it is open`, async () => {
    ways.sharedReads = sharedReads;
    await withAccepted({ kind: "tcp", host: "0.0.0.0", port: 0 }, async (notes) => {
      assert.equal(notes.socket.localAddress, "127.0.0.2");
      notes.socket.destroy();
      await notes.until(() => notes.told.includes("close"));
    });
  });

  test(`reading ${by}, what the kernel has not taken is counted, and drains`, () =>
    pairs(1, async ([pair]) => {
      const { client, notes } = pair!;
      assert.equal(notes.socket.unsentBytes, 0);
      notes.socket.write(Buffer.from("small"));
      assert.equal(notes.socket.unsentBytes, 0);
      notes.socket.write(Buffer.alloc(32 * MIB));
      notes.socket.write(Buffer.alloc(MIB));
      assert.ok(notes.socket.unsentBytes > MIB);
      await notes.until(() => notes.told.includes("drain"));
      assert.equal(notes.socket.unsentBytes, 0);
      while (client.receivedBytes < 33 * MIB + 5) await client.more(client.receivedBytes);
    }));
}

/** Lends `use` what was accepted on `address`, and the client. */
async function withAccepted(
  address: ListenAddress,
  use: (notes: SocketNotes, client: Socket) => Promise<void>,
): Promise<void> {
  const taken = Promise.withResolvers<SocketNotes>();
  const listener = await listen(address, (socket) => taken.resolve(new SocketNotes(socket)));
  const client = connect(
    address.kind === "unix"
      ? { path: address.path }
      : { port: listener.port, host: address.host === "0.0.0.0" ? "127.0.0.2" : address.host },
  );
  await once(client, "connect");
  try {
    await use(await taken.promise, client);
  } finally {
    client.destroy();
    await listener.close();
  }
}
