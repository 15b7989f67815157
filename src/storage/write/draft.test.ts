import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import fc from "fast-check";
import { Failure } from "../../base/failure.ts";
import { withStore, type StoreBench } from "../../testing/index.ts";
import { storageWays } from "../native.ts";
import { systemFiles, type FileSystem } from "../index.ts";
import { BlockPool, blocks } from "./block-pool.ts";
import type { Draft } from "./sealed.ts";

async function draftOf(bench: StoreBench, bytes: number | null = null): Promise<Draft> {
  const draft = await bench.store.draft(bytes);
  assert.ok(!(draft instanceof Failure));
  return draft;
}

for (const isNative of [true, false]) {
  test(`pieces of all sizes come out in order, waited for or not (native: ${isNative})`, () =>
    withStore(async (bench) => {
      storageWays.native = isNative;
      const sizes = fc.array(fc.constantFrom(0, 1, 700, 65_536, 200_000, 262_144, 600_000), {
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), async (lengths, waits, announced) => {
          const pieces = lengths.map((length) => randomBytes(length));
          const whole = Buffer.concat(pieces);
          const draft = await draftOf(bench, announced ? whole.length : null);
          const underWay = [];
          for (const piece of pieces) {
            const done = draft.write(piece);
            if (waits) await done;
            underWay.push(done);
          }
          for (const done of underWay) assert.equal(await done, null);
          const sealed = await draft.seal();
          assert.ok(!(sealed instanceof Failure));
          assert.deepEqual(await readFile(draft.path), whole);
          const digest = createHash("sha256").update(whole).digest();
          assert.deepEqual(Buffer.from(sealed.sha256!), digest);
          await draft.drop();
        }),
        { numRuns: 40 },
      );
      storageWays.native = true;
    }));
}

test("a piece that resolved may be used again", () =>
  withStore(async (bench) => {
    const draft = await draftOf(bench);
    const piece = Buffer.alloc(300_000);
    for (const byte of [1, 2, 3]) {
      piece.fill(byte);
      await draft.write(piece);
    }
    await draft.seal();
    const content = await readFile(draft.path);
    assert.deepEqual(
      [0, 300_000, 899_999].map((at) => content[at]),
      [1, 2, 3],
    );
    await draft.drop();
  }));

test("without a free block small pieces are written as they come, and nobody waits", () =>
  withStore(async (bench) => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => draftOf(bench)));
    for (const draft of slow) assert.equal(await draft.write(Buffer.from("first ")), null);
    assert.ok(blocks.tryTake() === null, "a block was free");
    for (const draft of slow) assert.equal(await draft.write(Buffer.from("second")), null);
    for (const draft of slow) {
      assert.ok(!((await draft.seal()) instanceof Failure));
      assert.equal(await readFile(draft.path, "utf8"), "first second");
      await draft.drop();
    }
  }));

test("a write that takes a part is gone on with, one that takes nothing has failed", async () => {
  // ext4, where it is asked at once; and what nobody knows, where the pool is.
  for (const kind of [0xef53, 0]) await writesInParts(kind);
});

async function writesInParts(kind: number): Promise<void> {
  let most = 1000;
  const system: FileSystem = {
    ...systemFiles,
    kindAt: async () => kind,
    writeSync: (fd, bytes, offset, length, position) =>
      most === 0 ? 0 : systemFiles.writeSync(fd, bytes, offset, Math.min(length, most), position),
    write: (fd, bytes, offset, length, position) =>
      most === 0
        ? Promise.resolve(0)
        : systemFiles.write(fd, bytes, offset, Math.min(length, most), position),
  };
  await withStore(
    async (bench) => {
      const content = randomBytes(400_000);
      const draft = await draftOf(bench);
      await draft.write(content);
      await draft.seal();
      assert.deepEqual(await readFile(draft.path), content);
      await draft.drop();
      most = 0;
      const other = await draftOf(bench);
      assert.equal((await other.write(content))?.code, "storageFailed");
      assert.equal((await other.write(Buffer.from("x")))?.code, "storageFailed");
      assert.equal(((await other.seal()) as Failure).code, "storageFailed");
    },
    {},
    system,
  );
}

test("an fsync that failed is not asked again", async () => {
  let asked = 0;
  let isBroken = false;
  const system: FileSystem = {
    ...systemFiles,
    fsync: (fd) => {
      if (!isBroken) return systemFiles.fsync(fd);
      asked += 1;
      return Promise.reject(Object.assign(new Error("lost"), { code: "EIO" }));
    },
  };
  await withStore(
    async (bench) => {
      const draft = await draftOf(bench);
      isBroken = true;
      const sealed = await Promise.all([draft.seal(), draft.seal()]);
      isBroken = false;
      for (const one of [...sealed, await draft.seal()]) {
        assert.equal((one as Failure).code, "storageFailed");
      }
      assert.equal(asked, 1);
    },
    {},
    system,
  );
});

test("one that is dropped while it is written to, or sealed, leaves nothing", () =>
  withStore(async (bench) => {
    for (const when of ["writing", "sealing"]) {
      const draft = await draftOf(bench);
      const writing = draft.write(randomBytes(3_000_000));
      const sealing = when === "sealing" ? draft.seal() : null;
      await draft.drop();
      await Promise.all([writing, sealing]);
      assert.deepEqual(await readdir(bench.folder), []);
      if (when === "writing") assert.ok((await draft.write(Buffer.from("x"))) instanceof Failure);
    }
  }));

test("a store that is closed drops what is open", () =>
  withStore(async (bench) => {
    for (let n = 0; n < 3; n += 1) await (await draftOf(bench)).write(Buffer.from("x"));
    const late = bench.store.draft(null);
    await bench.store.close();
    const draft = await late;
    assert.ok(draft instanceof Failure || (await draft.write(Buffer.from("x"))) !== null);
  }));

test("a pool gives as many blocks as it has, and takes them back", () => {
  const pool = new BlockPool();
  const taken = [];
  for (let block = pool.tryTake(); block !== null; block = pool.tryTake()) taken.push(block);
  assert.equal(taken.length * taken[0]!.length, 8 * 1024 * 1024);
  pool.give(taken.pop()!);
  assert.ok(pool.tryTake() !== null);
  assert.ok(pool.tryTake() === null);
});

test("a close that fails may say that a write was lost: nothing is stored", () => {
  const system: FileSystem = {
    ...systemFiles,
    closeSync: (fd) => {
      systemFiles.closeSync(fd);
      throw Object.assign(new Error("lost"), { code: "EIO" });
    },
  };
  return withStore(
    async (bench) => {
      const outcome = await bench.put("a", "abc");
      assert.equal((outcome as Failure).code, "storageFailed");
      assert.deepEqual([await bench.names(), await bench.left()], [[], []]);
    },
    {},
    system,
  );
});
