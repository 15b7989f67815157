import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { until, withTemporaryFolder } from "../testing/index.ts";
import type { ListenAddress } from "./address.ts";
import { OutgoingSocket, type OutgoingSink } from "./outgoing.ts";

class Notes implements OutgoingSink {
  text = "";
  closes: (string | null)[] = [];
  takes = true;

  onBytes(chunk: Uint8Array): boolean {
    this.text += Buffer.from(chunk).toString("latin1");
    return this.takes;
  }

  onClose(code: string | null): void {
    this.closes.push(code);
  }
}

/** Runs `use` with an address of each kind at which `onSocket` serves. */
async function withPeers(
  onSocket: (socket: Socket) => void,
  use: (address: ListenAddress) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    for (const where of [{ path }, { host: "127.0.0.1", port: 0 }]) {
      const server = createServer(onSocket).listen(where);
      // oxlint-disable-next-line no-await-in-loop -- one kind, then the other
      await once(server, "listening");
      try {
        const { port } = server.address() as AddressInfo;
        // oxlint-disable-next-line no-await-in-loop -- one kind, then the other
        await use(
          "path" in where ? { kind: "unix", path } : { kind: "tcp", host: where.host, port },
        );
      } finally {
        server.close();
      }
    }
  });
}

test("what is written before it is connected arrives, and answers come", () =>
  withPeers(
    (socket) => socket.on("data", (bytes) => socket.end(`you said ${String(bytes)}`)),
    async (address) => {
      const notes = new Notes();
      const socket = new OutgoingSocket(address, notes);
      assert.equal(socket.isConnected, false);
      socket.write(Buffer.from("hello"));
      await until(() => notes.closes.length > 0);
      assert.equal(notes.text, "you said hello");
      assert.deepEqual(notes.closes, [null]);
      assert.deepEqual([socket.isConnected, socket.isOver], [true, true]);
    },
  ));

test("two sockets that read to one buffer keep their bytes apart", () =>
  withPeers(
    (socket) =>
      socket.on("data", (bytes: Buffer) =>
        socket.end(bytes.subarray(0, 1).toString().repeat(90_000)),
      ),
    async (address) => {
      const all = ["a", "b", "c"].map((letter) => {
        const notes = new Notes();
        new OutgoingSocket(address, notes).write(Buffer.from(letter));
        return { letter, notes };
      });
      await until(() => all.every(({ notes }) => notes.closes.length > 0));
      for (const { letter, notes } of all) assert.ok(notes.text === letter.repeat(90_000), letter);
    },
  ));

test("a sink that takes no more is told no more, until it asks", () =>
  withPeers(
    (socket) => socket.end("x".repeat(1_000_000)),
    async (address) => {
      const notes = new Notes();
      notes.takes = false;
      const socket = new OutgoingSocket(address, notes);
      await until(() => notes.text !== "");
      const { length } = notes.text;
      for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
      assert.equal(notes.text.length, length);
      assert.deepEqual(notes.closes, []);
      notes.takes = true;
      socket.resume();
      await until(() => notes.closes.length > 0);
      assert.equal(notes.text.length, 1_000_000);
    },
  ));

test("who takes another's place as its sink is told what comes", () =>
  withPeers(
    (socket) => socket.on("data", (bytes) => socket.write(bytes)),
    async (address) => {
      const [first, second] = [new Notes(), new Notes()];
      const socket = new OutgoingSocket(address, first);
      socket.write(Buffer.from("1"));
      await until(() => first.text === "1");
      socket.sink = second;
      socket.write(Buffer.from("2"));
      await until(() => second.text === "2");
      socket.destroy();
      assert.equal(socket.isOver, true);
      await until(() => second.closes.length > 0);
      assert.deepEqual([first.text, first.closes], ["1", []]);
    },
  ));

test("where nobody is the system's reason is told, once", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "none.sock");
    const nowhere: readonly ListenAddress[] = [
      { kind: "unix", path },
      { kind: "tcp", host: "127.0.0.1", port: 1 },
    ];
    const codes: (string | null)[] = [];
    for (const address of nowhere) {
      const notes = new Notes();
      const socket = new OutgoingSocket(address, notes);
      const written: (Error | null | undefined)[] = [];
      socket.write(Buffer.from("x"), (error) => written.push(error));
      // oxlint-disable-next-line no-await-in-loop -- one kind, then the other
      await until(() => notes.closes.length > 0);
      assert.equal(socket.isConnected, false);
      assert.ok(written[0] instanceof Error);
      codes.push(...notes.closes);
    }
    assert.deepEqual(codes, ["ENOENT", "ECONNREFUSED"]);
  }));
