import assert from "node:assert/strict";
import { truncateSync, utimesSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { OpenFile, OpenFileCache } from "../../storage/index.ts";
import { get, withEngine, withFileOf, type EngineServer } from "../../testing/index.ts";
import { ways } from "../../transport/index.ts";
import { FileSlice, Reply, Segments, type ReplyBody } from "../exchange/index.ts";

const MIB = 1024 ** 2;
const GET = get("/");

interface Bench extends EngineServer {
  readonly content: Buffer;
  readonly path: string;
  readonly file: OpenFile;
}

/** Answers every request with the body that `bodyOf` makes of a file of so many bytes. */
async function withFile(
  bytes: number,
  bodyOf: (file: OpenFile) => ReplyBody,
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  await withFileOf(bytes, async (path, content) => {
    utimesSync(path, 1_600_000_000, 1_600_000_000);
    const cache = new OpenFileCache({ clock: systemClock });
    const file = await cache.lookup({ folder: dirname(path), followLinks: false }, basename(path));
    assert.ok(file instanceof OpenFile && file.bytes === null);
    const answer = (): Reply => new Reply(200, [], bodyOf(file));
    try {
      await withEngine(answer, (server) => use({ ...server, content, path, file }));
    } finally {
      ways.isInMemory = null;
    }
    // The cache's reference and the test's are left: what was sent, or not, was given back.
    file.release();
    cache.close();
    await closed(file);
  });
}

/** What was on its way may hold the file for the milliseconds in which it would have gone on. */
async function closed(file: OpenFile): Promise<void> {
  for (;;) {
    try {
      file.retain().release();
    } catch (error) {
      return assert.match(String(error), /closed/);
    }
    await setTimeout(1);
  }
}

const whole = (file: OpenFile): FileSlice => new FileSlice(file.retain(), 0, file.size);

async function body(bench: Bench, bytes: number): Promise<Buffer> {
  const client = await bench.open();
  await client.send(GET);
  const start = (await client.until("\r\n\r\n")).indexOf("\r\n\r\n") + 4;
  while (client.receivedBytes < start + bytes) {
    if ((await client.more(client.receivedBytes)) !== "bytes") break;
  }
  return client.received.subarray(start);
}

for (const bytes of [65_537, MIB, MIB + 1, 5 * MIB + 3]) {
  test(`a file of ${bytes} bytes arrives whole, and is counted`, () =>
    withFile(bytes, whole, async (bench) => {
      assert.ok((await body(bench, bytes)).equals(bench.content));
      assert.equal(bench.finished[0]?.bodyBytes, bytes);
    }));
}

test("slices and bytes leave in their order", () => {
  const parts = (file: OpenFile): Segments =>
    new Segments([
      Buffer.from("one"),
      new FileSlice(file.retain(), MIB, 2 * MIB),
      Buffer.from("two"),
      new FileSlice(file.retain(), 5, 10),
      Buffer.from("three"),
    ]);
  return withFile(4 * MIB, parts, async (bench) => {
    const { content } = bench;
    const expected = Buffer.concat([
      Buffer.from("one"),
      content.subarray(MIB, 3 * MIB),
      Buffer.from("two"),
      content.subarray(5, 15),
      Buffer.from("three"),
    ]);
    assert.ok((await body(bench, expected.length)).equals(expected));
  });
});

test("small slices that were asked for at once are each their own", () => {
  let at = 0;
  const next = (file: OpenFile): FileSlice => new FileSlice(file.retain(), (at += 1000), 1000);
  return withFile(MIB, next, async (bench) => {
    const client = await bench.open();
    await client.send(GET + GET + GET);
    const told = `Content-Length: 1000\r\n\r\n`;
    const expected = bench.content.subarray(3000, 4000);
    while (!client.received.subarray(-1000).equals(expected)) {
      await client.more(client.receivedBytes);
    }
    const [, first, second] = client.received.toString("latin1").split(told);
    assert.equal(first!.slice(0, 1000), bench.content.toString("latin1", 1000, 2000));
    assert.equal(second!.slice(0, 1000), bench.content.toString("latin1", 2000, 3000));
    assert.deepEqual(
      bench.finished.map(({ bodyBytes }) => bodyBytes),
      [1000, 1000, 1000],
    );
  });
});

test("a small slice of a file that was written over never looks whole", () => {
  const piece = (file: OpenFile): FileSlice => new FileSlice(file.retain(), 0, 1000);
  return withFile(MIB, piece, async (bench) => {
    writeFileSync(bench.path, Buffer.alloc(MIB), { flag: "r+" });
    const client = await bench.open();
    await client.send(GET);
    await client.untilEnd();
    const [, content = ""] = client.received.toString("latin1").split("\r\n\r\n");
    assert.equal(content, "");
    assert.match(bench.notices.join(), /written over/);
  });
});

test("answers that were asked for at once come one behind the other", () =>
  withFile(2 * MIB, whole, async ({ open, content }) => {
    const client = await open();
    await client.send(GET + GET + get("/", "Connection: close"));
    await client.untilEnd();
    const head = client.received.indexOf(content);
    assert.ok(head > 0);
    const rest = client.received.subarray(head + content.length);
    assert.ok(rest.subarray(rest.indexOf(content) + content.length).includes(content));
  }));

test("what is not in memory is read first, and arrives whole", () =>
  withFile(3 * MIB + 5, whole, async (bench) => {
    let asked = 0;
    ways.isInMemory = () => (asked += 1) % 2 === 0;
    assert.ok((await body(bench, bench.content.length)).equals(bench.content));
    assert.ok(asked > 0 || !ways.native);
  }));

/** A client that asks, sees that an answer begins, and takes no more. */
async function stalled({ port }: EngineServer): Promise<Socket> {
  const client = connect(port, "127.0.0.1");
  client.on("error", () => undefined);
  client.write(GET);
  await new Promise((resolve) => client.once("readable", resolve));
  return client;
}

for (const [change, notice, apply] of [
  ["becomes shorter", /became shorter/, (path: string) => truncateSync(path, MIB)],
  [
    "is written over",
    /written over/,
    (path: string) => writeFileSync(path, Buffer.alloc(64 * MIB), { flag: "r+" }),
  ],
] as const) {
  test(`a file that ${change} while it is sent never looks whole`, () =>
    withFile(64 * MIB, whole, async (bench) => {
      const client = await stalled(bench);
      apply(bench.path);
      let bytes = 0;
      for await (const piece of client as AsyncIterable<Buffer>) bytes += piece.length;
      assert.ok(bytes < 64 * MIB);
      assert.match(bench.notices.join(), notice);
      assert.ok(bench.finished[0]!.bodyBytes < 64 * MIB);
    }));
}

test("a file that became shorter before anything was read is cut, not waited for", () =>
  withFile(4 * MIB, whole, async (bench) => {
    ways.isInMemory = () => false;
    truncateSync(bench.path, 0);
    assert.equal((await body(bench, 1)).length, 0);
    assert.match(bench.notices.join(), /became shorter|written over/);
  }));

test("a reader of a file that takes nothing is cut off, one that takes some is not", () =>
  withFile(64 * MIB, whole, async (bench) => {
    const { engine, pass } = bench;
    const client = await stalled(bench);
    for (let minute = 0; minute < 20; minute += 1) {
      await pass(20_000);
      // More than a socket holds, so that the server sees it.
      for (let taken = 0; taken < 12 * MIB && !client.readableEnded;) {
        const piece = client.read() as Buffer | null;
        if (piece === null) await new Promise((resolve) => client.once("readable", resolve));
        else taken += piece.length;
      }
      if (minute < 3) assert.equal(engine.connections, 1, `after ${minute} steps`);
      else break;
    }
    client.pause();
    // What is on its way fills the buffers first, in its own time.
    for (let minute = 0; minute < 5000 && engine.connections > 0; minute += 1) await pass(60_000);
    assert.equal(engine.connections, 0);
    client.destroy();
  }));

test("clients that leave in the middle leave nothing behind", () =>
  withFile(32 * MIB, whole, async (bench) => {
    for (const leave of ["destroy", "resetAndDestroy", "destroy"] as const) {
      (await stalled(bench))[leave]();
    }
    while (bench.engine.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(bench.notices, []);
    while (bench.finished.length < 3) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(bench.finished.every(({ bodyBytes }) => bodyBytes < 32 * MIB));
  }));
