import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { TurnedClock, withStore, type StoreBench } from "../../testing/index.ts";
import { systemFiles, type FileSystem } from "../index.ts";
import type { Draft } from "./sealed.ts";

const MIB = 1024 * 1024;

function codeOf(outcome: unknown): string | null {
  return outcome instanceof Failure ? outcome.code : null;
}

async function draftOf(bench: StoreBench, bytes: number | null): Promise<Draft> {
  const draft = await bench.store.draft(bytes);
  assert.ok(!(draft instanceof Failure));
  return draft;
}

test("what is announced as more than the quota is refused before the disk is touched", () =>
  withStore(
    async (bench) => {
      assert.equal(codeOf(await bench.store.draft(1001)), "quotaExceeded");
      assert.deepEqual(await bench.left(), []);
      assert.equal(bench.account.usedBytes, 0);
      await (await draftOf(bench, 1000)).drop();
      assert.equal(bench.account.usedBytes, 0);
    },
    { quotaBytes: 1000 },
  ));

test("a quota is filled to its last byte, and not beyond, whatever was announced", () =>
  withStore(
    async (bench) => {
      for (const announced of [null, 1]) {
        const draft = await draftOf(bench, announced);
        assert.equal(await draft.write(Buffer.alloc(900)), null);
        assert.equal(await draft.write(Buffer.alloc(100)), null);
        assert.equal(codeOf(await draft.write(Buffer.alloc(1))), "quotaExceeded");
        assert.equal(codeOf(await draft.seal()), "quotaExceeded");
        assert.equal(bench.account.usedBytes, 0);
      }
    },
    { quotaBytes: 1000 },
  ));

test("drafts under way count, and what is replaced or removed makes room", () =>
  withStore(
    async (bench) => {
      const draft = await draftOf(bench, 600);
      assert.equal(codeOf(await bench.store.draft(600)), "quotaExceeded");
      await draft.drop();
      await bench.put("a", Buffer.alloc(400));
      await bench.put("a", Buffer.alloc(300), "replace");
      assert.equal(bench.account.usedBytes, 300);
      await bench.put("b", Buffer.alloc(50), "same");
      await bench.put("b", Buffer.alloc(50), "same");
      assert.equal(bench.account.usedBytes, 350);
      await bench.store.remove("a");
      assert.equal(bench.account.usedBytes, 50);
      assert.equal(codeOf(await bench.put("b", "x")), "nameTaken");
      assert.equal(bench.account.usedBytes, 50);
    },
    { quotaBytes: 1000 },
  ));

test("of whom nobody knows how much comes, little is held for what came", () =>
  withStore(
    async (bench) => {
      const slow = await draftOf(bench, null);
      assert.equal(await slow.write(Buffer.alloc(1)), null);
      await (await draftOf(bench, 3 * MIB)).drop();
      await slow.drop();
      assert.equal(bench.account.usedBytes, 0);
    },
    { quotaBytes: 10 * MIB },
  ));

test("without a quota nobody is asked", () =>
  withStore(
    async (bench) => {
      await bench.put("a", "content");
      await bench.store.remove("a");
    },
    {
      account: {
        reserve: () => assert.fail("asked to reserve"),
        settle: () => assert.fail("asked to settle"),
      },
    },
  ));

/** A disk on which so much is free. */
class Disk {
  freeBytes = 0;
  asked = 0;
  readonly files: FileSystem = {
    ...systemFiles,
    freeBytesAt: () => {
      this.asked += 1;
      return Promise.resolve(this.freeBytes);
    },
  };
}

test("a floor of free space stays, for what is announced and for what comes", async () => {
  const disk = new Disk();
  const clock = new TurnedClock();
  await withStore(
    async (bench) => {
      disk.freeBytes = 30 * MIB;
      assert.equal(codeOf(await bench.store.draft(21 * MIB)), "storageFull");
      assert.deepEqual(await bench.left(), []);
      const draft = await draftOf(bench, null);
      assert.equal(await draft.write(Buffer.alloc(MIB)), null);
      disk.freeBytes = 10 * MIB;
      // The next step asks again where what was promised is used up.
      assert.equal(codeOf(await draft.write(Buffer.alloc(29 * MIB))), "storageFull");
      await draft.drop();
    },
    { freeBytesMin: 10 * MIB, clock },
    disk.files,
  );
});

test("a disk is asked once a second, and before a refusal", async () => {
  const disk = new Disk();
  const clock = new TurnedClock();
  await withStore(
    async (bench) => {
      disk.freeBytes = MIB;
      for (let n = 0; n < 10; n += 1) await bench.put(`${n}`, "x");
      assert.equal(disk.asked, 1);
      assert.equal(codeOf(await bench.store.draft(2 * MIB)), "storageFull");
      assert.equal(disk.asked, 2);
      disk.freeBytes = 3 * MIB;
      await (await draftOf(bench, 2 * MIB)).drop();
    },
    { clock },
    disk.files,
  );
});

test("where the system won't say what is free, nothing is stored, and the log knows why", () => {
  const refused = Object.assign(new Error("no"), { code: "EACCES" });
  const system: FileSystem = { ...systemFiles, freeBytesAt: () => Promise.reject(refused) };
  return withStore(
    async (bench) => {
      assert.equal(codeOf(await bench.store.draft(1)), "storageFailed");
      assert.match(bench.log.errors.join(), /free space/);
    },
    {},
    system,
  );
});
