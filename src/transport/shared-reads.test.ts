import assert from "node:assert/strict";
import { test } from "node:test";
import { withSocketPairs, type SocketPair } from "../testing/index.ts";
import { canShareReads } from "./shared-reads.ts";
import { ways } from "./ways.ts";

/** Has `pair` told of `text`, sent by its client, and says where that lay. */
async function placeOf({ client, notes }: SocketPair, text: string): Promise<ArrayBufferLike> {
  let place: ArrayBufferLike | null = null;
  const before = notes.received.length;
  notes.onBytes = (chunk) => {
    place = chunk.buffer;
    notes.received += Buffer.from(chunk).toString("latin1");
    notes.socket.wantRoom();
    notes.onNext();
  };
  await client.send(text);
  await notes.until(() => notes.received.length >= before + text.length);
  assert.equal(notes.received.slice(before), text);
  return place!;
}

const roomOf = (bytes: number): Buffer => Buffer.from(new Uint8Array(bytes).fill(0x2e).buffer);

test("a socket reads into the room that its sink names, from the next read on", () =>
  withSocketPairs(1, async ([pair]) => {
    const room = roomOf(10);
    pair!.notes.place = room;
    assert.notEqual(await placeOf(pair!, "first"), room.buffer);
    assert.equal(await placeOf(pair!, "second"), room.buffer);
    assert.equal(room.toString(), "second....");
  }));

test("what is more than the room holds comes behind it, elsewhere, and in order", () =>
  withSocketPairs(1, async ([pair]) => {
    const { client, notes } = pair!;
    const room = roomOf(4);
    notes.place = room;
    await placeOf(pair!, "0");
    const long = "abcdefgh".repeat(4096);
    notes.onBytes = (chunk) => {
      notes.place = null;
      notes.received += Buffer.from(chunk).toString("latin1");
      notes.onNext();
    };
    await client.send(long);
    await notes.until(() => notes.received.length > long.length);
    assert.equal(notes.received, `0${long}`);
    assert.equal(room.toString(), "abcd");
  }));

test("no other socket reads into the room of one, nor that one once it has left it", () =>
  withSocketPairs(2, async ([one, other]) => {
    const room = roomOf(10);
    one!.notes.place = room;
    await placeOf(one!, "0");
    const shared = await placeOf(other!, "other");
    assert.notEqual(shared, room.buffer);
    assert.equal(await placeOf(one!, "one"), room.buffer);
    one!.notes.socket.leaveRoom();
    room.fill(".");
    assert.equal(await placeOf(one!, "late"), shared);
    assert.equal(await placeOf(one!, "later"), shared);
    assert.equal(room.toString(), "..........");
  }));

test("a room that is left while the socket tells is not read into any more", () =>
  withSocketPairs(1, async ([pair]) => {
    const { notes } = pair!;
    const room = roomOf(10);
    notes.place = room;
    await placeOf(pair!, "0");
    const told = placeOf(pair!, "in it");
    const { onBytes } = notes;
    notes.onBytes = (chunk) => {
      notes.place = null;
      notes.socket.leaveRoom();
      onBytes(chunk);
    };
    assert.equal(await told, room.buffer);
    room.fill(".");
    assert.notEqual(await placeOf(pair!, "behind"), room.buffer);
    const next = roomOf(10);
    notes.place = next;
    await placeOf(pair!, "1");
    assert.equal(await placeOf(pair!, "next"), next.buffer);
    assert.equal(room.toString(), "..........");
  }));

test("a room that nobody named need not be left, nor that of a socket that is closed", () =>
  withSocketPairs(1, async ([pair]) => {
    const { notes } = pair!;
    notes.socket.leaveRoom();
    notes.place = roomOf(10);
    await placeOf(pair!, "0");
    assert.equal(await placeOf(pair!, "1"), notes.place.buffer);
    notes.socket.destroy();
    notes.socket.leaveRoom();
  }));

test("sockets that are read by 'data' have no room, and lose nothing by that", async () => {
  ways.sharedReads = false;
  assert.equal(await canShareReads(), false);
  await withSocketPairs(1, async ([pair]) => {
    const room = roomOf(10);
    pair!.notes.place = room;
    await placeOf(pair!, "first");
    assert.notEqual(await placeOf(pair!, "second"), room.buffer);
    pair!.notes.socket.leaveRoom();
    await placeOf(pair!, "third");
    assert.equal(room.toString(), "..........");
  });
  ways.sharedReads = true;
});

test("a socket is not asked for its room before it wants one, nor when it had none", () =>
  withSocketPairs(1, async ([pair]) => {
    const { notes, client } = pair!;
    let asked = 0;
    notes.room = () => {
      asked += 1;
      return null;
    };
    await client.send("a");
    await notes.until(() => notes.received === "a");
    assert.equal(asked, 0);
    await placeOf(pair!, "b");
    assert.equal(asked, 1);
    notes.socket.wantRoom = () => undefined;
    await placeOf(pair!, "c");
    assert.equal(asked, 1);
  }));
