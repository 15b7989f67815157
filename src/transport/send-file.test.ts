import assert from "node:assert/strict";
import { closeSync, openSync, truncateSync } from "node:fs";
import { test } from "node:test";
import { withFileOf, withSocketPairs, type SocketPair } from "../testing/index.ts";
import { COLD } from "./send-file.ts";
import { ways } from "./ways.ts";

const MIB = 1024 ** 2;

/** Lends a connection, and an open file of so many bytes that are all different from their next. */
async function withFile(
  bytes: number,
  use: (pair: SocketPair, fd: number, content: Buffer, path: string) => Promise<void>,
): Promise<void> {
  await withFileOf(bytes, async (path, content) => {
    const fd = openSync(path, "r");
    try {
      await withSocketPairs(1, ([pair]) => use(pair!, fd, content, path));
    } finally {
      closeSync(fd);
      ways.isInMemory = null;
      ways.native = true;
    }
  });
}

/** Sends `length` bytes from `offset`, burst by burst; how many were sent until it ended. */
async function sendAll(
  { notes: { socket } }: SocketPair,
  fd: number,
  offset: number,
  length: number,
): Promise<number> {
  for (let done = 0; done < length;) {
    const wanted = Math.min(4 * MIB, length - done);
    let bytes = 0;
    const error = await new Promise((resolve) => {
      const piece = { fd, offset: offset + done, length: wanted, isWarm: true };
      bytes = socket.sendFile(null, piece, resolve);
      if (bytes === wanted || bytes === 0) resolve(null);
    });
    if (bytes === 0 || (error !== null && error !== undefined)) return done;
    done += bytes;
  }
  return length;
}

async function received({ client }: SocketPair, bytes: number): Promise<Buffer> {
  while (client.receivedBytes < bytes && !client.ended) await client.more(client.receivedBytes);
  return client.received;
}

test("a large file arrives whole, behind its head, whatever the reader takes at once", () =>
  withFile(40 * MIB, async (pair, fd, content) => {
    const { socket } = pair.notes;
    assert.equal(socket.sendsFiles, true);
    const piece = { fd, offset: 0, length: 100, isWarm: true };
    assert.equal(
      socket.sendFile(Buffer.from("head"), piece, () => assert.fail("nothing to wait for")),
      100,
    );
    assert.equal(await sendAll(pair, fd, 100, content.length - 100), content.length - 100);
    const came = await received(pair, content.length + 4);
    assert.equal(came.toString("latin1", 0, 4), "head");
    assert.ok(came.subarray(4).equals(content));
    assert.equal(socket.unsentBytes, 0);
  }));

test("a file stays behind what was written before", () =>
  withFile(MIB, async (pair, fd, content) => {
    const before = Buffer.alloc(16 * MIB, "b");
    pair.notes.socket.write(before);
    assert.ok(pair.notes.socket.unsentBytes > 0);
    assert.equal(await sendAll(pair, fd, 0, MIB), MIB);
    pair.notes.socket.write(Buffer.from("behind"));
    const came = await received(pair, 17 * MIB + 6);
    assert.ok(came.subarray(0, before.length).equals(before));
    assert.ok(came.subarray(before.length, 17 * MIB).equals(content));
    assert.equal(came.toString("latin1", 17 * MIB), "behind");
  }));

test("a file that ends before is told by 0, and what there was has arrived", () =>
  withFile(MIB, async (pair, fd, content, path) => {
    truncateSync(path, 100_000);
    assert.equal(await sendAll(pair, fd, 0, MIB), 100_000);
    assert.ok((await received(pair, 100_000)).equals(content.subarray(0, 100_000)));
  }));

test("of a file that is not in memory nothing is sent, unless it was just read", () =>
  withFile(1000, async (pair, fd, content) => {
    const asked: number[] = [];
    ways.isInMemory = (of, offset, length) => {
      asked.push(of, offset, length);
      return false;
    };
    const { socket } = pair.notes;
    const piece = { fd, offset: 10, length: 500, isWarm: false };
    const never = (): void => assert.fail("nothing was begun");
    assert.equal(socket.sendFile(Buffer.from("head"), piece, never), COLD);
    assert.deepEqual(asked, [fd, 10, 500]);
    assert.equal(socket.sendFile(null, { ...piece, isWarm: true }, never), 500);
    assert.ok((await received(pair, 500)).equals(content.subarray(10, 510)));
  }));

test("what was just written is in memory", () =>
  withFile(3 * MIB, async ({ notes: { socket } }, fd) => {
    const piece = { fd, offset: 0, length: 3 * MIB, isWarm: false };
    assert.notEqual(
      socket.sendFile(null, piece, () => undefined),
      COLD,
    );
  }));

test("a reader that is gone ends it, and nothing is thrown", () =>
  withFile(32 * MIB, async (pair, fd) => {
    const sending = sendAll(pair, fd, 0, 32 * MIB);
    await received(pair, 1);
    pair.client.close();
    assert.ok((await sending) < 32 * MIB);
    await pair.notes.until(() => pair.notes.told.includes("close"));
    assert.equal(pair.notes.socket.sendsFiles, false);
  }));

test("a fast reader is asked again with no bite before, and told when it closed meanwhile", () =>
  withFile(32 * MIB, async (pair, fd, content) => {
    const { socket } = pair.notes;
    const piece = { fd, offset: 0, length: 32 * MIB, isWarm: true };
    let bytes = 0;
    const again = new Promise((resolve) => (bytes = socket.sendFile(null, piece, resolve)));
    assert.ok(bytes >= 256 * 1024 && bytes < piece.length, `${bytes} bytes`);
    assert.equal(socket.unsentBytes, 0);
    socket.destroy();
    assert.match(String(await again), /connection is closed/);
    assert.ok((await received(pair, bytes)).equals(content.subarray(0, bytes)));
  }));

test("where the file can't be read, that is thrown", () =>
  withFile(MIB, async (pair) => {
    const folder = openSync("/", "r");
    const piece = { fd: folder, offset: 0, length: MIB, isWarm: true };
    assert.throws(() => pair.notes.socket.sendFile(null, piece, () => undefined), /EISDIR/);
    closeSync(folder);
  }));

test("without the C library no file is sent so", () =>
  withFile(MIB, async (pair, fd) => {
    ways.native = false;
    const { socket } = pair.notes;
    assert.equal(socket.sendsFiles, false);
    const piece = { fd, offset: 0, length: MIB, isWarm: true };
    assert.throws(() => socket.sendFile(null, piece, () => undefined), /sendsFiles/);
  }));
