import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fstatSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { FailingFiles, openIn, withSpools } from "../testing/index.ts";
import type { Spool } from "./spool.ts";

const KIB = 1024;

function contentOf(bytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, at) => (at * 31) % 251));
}

/** All of `spool`, read in pieces of `pieceBytes`. */
async function readAll(spool: Spool, pieceBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; ; at += pieces.at(-1)!.length) {
    const into = Buffer.alloc(pieceBytes);
    const bytes = await spool.read(into, at);
    if (bytes === 0) return Buffer.concat(pieces);
    pieces.push(into.subarray(0, bytes));
  }
}

async function writeAll(spool: Spool, content: Buffer, pieceBytes: number): Promise<void> {
  for (let at = 0; at < content.length; at += pieceBytes) {
    // Bytes that are the writer's again are written over at once.
    const piece = Buffer.from(content.subarray(at, at + pieceBytes));
    assert.equal(await spool.write(piece), null);
    piece.fill(0);
  }
}

for (const [bytes, pieceBytes] of [
  [0, 1],
  [1, 1],
  [5000, 7],
  [64 * KIB, 1000],
  [64 * KIB, 64 * KIB],
] as const) {
  test(`${bytes} bytes in pieces of ${pieceBytes} stay in memory`, () =>
    withSpools(async ({ spools, folder }) => {
      const spool = spools.open();
      const content = contentOf(bytes);
      await writeAll(spool, content, pieceBytes);
      assert.equal(spool.bytes, bytes);
      assert.deepEqual(Buffer.from(spool.memory!), content);
      assert.equal(spool.fd, null);
      assert.deepEqual(openIn(folder), []);
      assert.deepEqual(await readAll(spool, 999), content);
      assert.ok(spools.memoryBytes <= Math.max(KIB, 2 * bytes), "memory for what came only");
      spool.close();
    }));
}

for (const isFar of [false, true]) {
  for (const [bytes, pieceBytes] of [
    [64 * KIB + 1, 64 * KIB + 1],
    [64 * KIB + 1, 64 * KIB],
    [300_000, 1400],
    [5_000_000, 512 * KIB],
  ] as const) {
    const where = isFar ? "far" : "local";
    test(`${bytes} bytes in pieces of ${pieceBytes} are in a nameless ${where} file`, () =>
      withSpools(
        async ({ spools, folder }) => {
          const spool = spools.open();
          const content = contentOf(bytes);
          await writeAll(spool, content, pieceBytes);
          assert.equal(spool.bytes, bytes);
          assert.equal(spool.memory, null);
          assert.equal(spools.memoryBytes, 0, "its memory is for others");
          assert.deepEqual(readdirSync(folder), []);
          assert.equal(openIn(folder).length, 1);
          const { mode, nlink } = fstatSync(spool.fd!);
          assert.deepEqual([mode & 0o7777, nlink], [0o600, 0]);
          assert.deepEqual(await readAll(spool, 100_000), content);
          const maxBuffer = 2 * bytes;
          const { stdout } = spawnSync("cat", { stdio: [spool.fd!, "pipe", "inherit"], maxBuffer });
          assert.deepEqual(stdout, content, "a program reads all of it");
          spool.close();
          assert.equal(spool.fd, null);
        },
        { system: new FailingFiles({ isFar }).files },
      ));
  }
}

test("where no memory is free, the smallest goes to a file, until some is", () =>
  withSpools(
    async ({ spools }) => {
      const [first, second, third] = [spools.open(), spools.open(), spools.open()];
      await writeAll(first, contentOf(3 * KIB), 3 * KIB);
      await writeAll(second, contentOf(1100), 1100);
      assert.equal(second.memory, null);
      assert.deepEqual(await readAll(second, 100), contentOf(1100));
      first.close();
      await writeAll(third, contentOf(1100), 1100);
      assert.notEqual(third.memory, null);
      second.close();
      third.close();
    },
    { memoryBytesMax: 4 * KIB },
  ));

test("the memory of all spools is bounded, however many drip", () =>
  withSpools(
    async ({ spools }) => {
      const all = Array.from({ length: 40 }, () => spools.open());
      const content = contentOf(300);
      for (let at = 0; at < content.length; at += 100) {
        for (const spool of all) {
          assert.equal(await spool.write(content.subarray(at, at + 100)), null);
          assert.ok(spools.memoryBytes <= 10 * KIB);
        }
      }
      assert.equal(all.filter(({ memory }) => memory !== null).length, 10);
      for (const spool of all) assert.deepEqual(await readAll(spool, 64), content);
      for (const spool of all) spool.close();
    },
    { memoryBytesMax: 10 * KIB },
  ));

test("closed while it is written or read, it closes its file behind that; twice is once", () =>
  withSpools(async ({ spools, folder }) => {
    for (const bytes of [100 * KIB, 2_000_000]) {
      const spool = spools.open();
      const moving = spool.write(contentOf(bytes));
      spool.close();
      spool.close();
      await moving;
    }
    const read = spools.open();
    await read.write(contentOf(100 * KIB));
    const reading = read.read(Buffer.alloc(100 * KIB), 0);
    read.close();
    assert.equal(await reading, 100 * KIB);
    assert.throws(() => read.write(contentOf(1)), /closed/);
    await assert.rejects(read.read(Buffer.alloc(1), 0), /closed/);
    while (openIn(folder).length > 0) await setImmediate();
  }));
