// Files that are large, or change while they are sent, against the real program.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, rename, truncate, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico, withTemporaryFolder, type RunningProgram } from "../../src/testing/index.ts";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** Serves a fresh folder; no complaint on standard error and no descriptor may be left. */
async function serving(
  use: (folder: string, program: RunningProgram) => Promise<void>,
  complaints: RegExp | null = null,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "small.txt"), "small");
    const program = await startPortico({
      args: ["serve", folder, "-l", "0", "-w", "1", "--access-log", "off"],
    });
    try {
      const before = await socketsOf(program);
      await use(folder, program);
      await untilNoneOpen(folder, program, before);
    } finally {
      assert.equal(await program.stop(), 0);
    }
    const unexpected = program.complaints().filter((line) => complaints?.test(line) !== true);
    assert.deepEqual(unexpected, []);
  });
}

/** A file that was sent lately may stay open in the cache; one that was replaced or cut may not. */
async function untilNoneOpen(
  folder: string,
  program: RunningProgram,
  sockets: number,
): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const open = await program.descriptors();
    const stale = open.filter((path) => path.startsWith(folder) && path.endsWith("(deleted)"));
    if (stale.length === 0 && (await socketsOf(program)) <= sockets) return;
    await fetch(`${program.urls[0]}/small.txt`, { headers: { connection: "close" } });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail((await program.descriptors()).join("\n"));
}

async function socketsOf(program: RunningProgram): Promise<number> {
  return (await program.descriptors()).filter((path) => path.startsWith("socket:")).length;
}

async function memoryOf(program: RunningProgram): Promise<number> {
  const status = await readFile(`/proc/${program.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}

interface Download {
  readonly bytes: number;
  readonly hash: string;
}

/** Downloads by a raw socket; `onBytes` is told how many body bytes came so far, and may pause. */
async function download(
  program: RunningProgram,
  path: string,
  onBytes: (bytes: number) => void | Promise<void> = () => undefined,
): Promise<Download> {
  const socket = connect(program.port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const hash = createHash("sha256");
  let bytes = 0;
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let body = chunk;
    if (head !== null) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) continue;
      body = head.subarray(end + 4);
      head = null;
    }
    bytes += body.length;
    if (bytes <= 64 * MIB) hash.update(body);
    await onBytes(bytes);
  }
  return { bytes, hash: hash.digest("hex") };
}

test("a file of 5 GiB is sent within 16 MiB over idle memory", () =>
  serving(async (folder, program) => {
    await truncate(join(folder, "small.txt"), 5);
    await writeFile(join(folder, "huge.bin"), "");
    await truncate(join(folder, "huge.bin"), 5 * GIB);
    await writeFile(join(folder, "warm.bin"), Buffer.alloc(64 * MIB));
    await download(program, "/warm.bin"); // what a first download makes the heap grow to is idle
    const idle = await memoryOf(program);
    let most = 0;
    let next = 0;
    const { bytes } = await download(program, "/huge.bin", async (seen) => {
      if (seen < next) return;
      next += GIB / 8;
      most = Math.max(most, await memoryOf(program));
    });
    assert.equal(bytes, 5 * GIB);
    assert.ok(most - idle <= 16 * MIB, `${((most - idle) / MIB).toFixed(1)} MiB over idle`);
  }));

test("a file that shrinks while it is sent ends in a closed connection, and a notice", () =>
  serving(async (folder, program) => {
    const path = join(folder, "shrinks.bin");
    await writeFile(path, Buffer.alloc(64 * MIB, "x"));
    let cut = false;
    const { bytes } = await download(program, "/shrinks.bin", async () => {
      if (cut) return;
      cut = true;
      await truncate(path, MIB);
    });
    assert.ok(bytes < 64 * MIB, `${bytes} bytes`);
    assert.ok(bytes >= MIB);
  }, /warn .*shrinks\.bin became shorter while it was sent/));

test("a file that is replaced by rename is sent whole, old or new", () =>
  serving(async (folder, program) => {
    const path = join(folder, "file.bin");
    const contents = ["a", "b"].map((letter) => Buffer.alloc(24 * MIB, letter));
    const hashes = contents.map((bytes) => createHash("sha256").update(bytes).digest("hex"));
    await writeFile(path, contents[0]!);
    let replaced = false;
    const first = await download(program, "/file.bin", async () => {
      if (replaced) return;
      replaced = true;
      await writeFile(join(folder, "next.bin"), contents[1]!);
      await rename(join(folder, "next.bin"), path);
    });
    assert.equal(first.hash, hashes[0]);
    // The cache may trust its entry for a second; whatever it sends is whole.
    for (let attempt = 0; ; attempt += 1) {
      const later = await download(program, "/file.bin");
      assert.equal(later.bytes, contents[0]!.length);
      assert.ok(hashes.includes(later.hash));
      if (later.hash === hashes[1]) break;
      assert.ok(attempt < 50, "the new file is never sent");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }));

test("a file that is written over is never sent under the tag of what it was", () =>
  serving(async (folder, program) => {
    const path = join(folder, "over.bin");
    const ask = async (fields: Record<string, string> = {}): Promise<[number, string, string]> => {
      const answer = await fetch(`${program.urls[0]}/over.bin`, { headers: fields });
      const body = await answer.text();
      return [answer.status, answer.headers.get("etag")!, `${body.length}${body[0] ?? ""}`];
    };
    await writeFile(path, "A".repeat(200_000));
    await utimes(path, 1_600_000_000, 1_600_000_000);
    const [, first] = await ask();
    await writeFile(path, "B".repeat(200_000), { flag: "r+" });
    const [status, second, body] = await ask({ "If-None-Match": first });
    assert.deepEqual([status, body], [200, "200000B"]);
    assert.notEqual(second, first);
    await writeFile(path, "C".repeat(400_000), { flag: "r+" });
    const [, third, longer] = await ask();
    assert.equal(longer, "400000C");
    assert.notEqual(third, second);
  }));

test("a file that is written over while it is sent never looks whole", () =>
  serving(async (folder, program) => {
    const path = join(folder, "mixed.bin");
    await writeFile(path, Buffer.alloc(64 * MIB, "a"));
    let over = false;
    const { bytes } = await download(program, "/mixed.bin", async () => {
      if (over) return;
      over = true;
      await writeFile(path, Buffer.alloc(64 * MIB, "b"), { flag: "r+" });
    });
    assert.ok(bytes < 64 * MIB, `${bytes} bytes`);
  }, /warn .*mixed\.bin was written over while it was sent/));

test("a file that grows while it is sent is sent as long as it was", () =>
  serving(async (folder, program) => {
    const path = join(folder, "grows.log");
    await writeFile(path, Buffer.alloc(32 * MIB, "a"));
    let grown = false;
    const { bytes } = await download(program, "/grows.log", async () => {
      if (grown) return;
      grown = true;
      await writeFile(path, "more", { flag: "a" });
    });
    assert.equal(bytes, 32 * MIB);
  }));

test("a client that leaves in the middle leaves nothing behind", () =>
  serving(async (folder, program) => {
    await writeFile(join(folder, "big.bin"), Buffer.alloc(32 * MIB));
    for (let round = 0; round < 20; round += 1) {
      const socket = connect(program.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write("GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await new Promise((resolve) => socket.once("data", resolve));
      if (round % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    assert.equal(await (await fetch(`${program.urls[0]}/small.txt`)).text(), "small");
  }));
