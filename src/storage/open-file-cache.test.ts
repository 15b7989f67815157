import assert from "node:assert/strict";
import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileAt, TurnedClock, withCache, withTemporaryFolder, wordOf } from "../testing/index.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { OpenFileCache } from "./open-file-cache.ts";
import { OpenFile } from "./open-file.ts";

const BIG = "x".repeat(70_000); // too large for memory

test("what was seen less than a second ago is answered at once", async () => {
  await withCache(async ({ cache, root, clock, write, seen, asked }) => {
    await write("a", "one");
    assert.ok(cache.lookup(root, "a") instanceof Promise);
    assert.equal(await seen("a"), "one");
    asked();
    clock.turn(999);
    const found = cache.lookup(root, "a");
    assert.ok(found instanceof OpenFile);
    assert.equal(asked(), "");
    found.release();
    found.release(); // of the first lookup
  });
});

test("caches that share a generation see each other's writes at once", async () => {
  await withTemporaryFolder(async (folder) => {
    const root = { folder, followLinks: false };
    const generation = new Int32Array(new SharedArrayBuffer(4));
    const clock = new TurnedClock();
    const [writer, reader] = [1, 2].map(() => new OpenFileCache({ clock, generation }));
    const stranger = new OpenFileCache({ clock });
    const seen = async (cache: OpenFileCache): Promise<string> =>
      wordOf(await cache.lookup(root, "a"));
    assert.equal(await seen(reader!), "notFound");
    assert.equal(await seen(stranger), "notFound");
    await writeFile(`${folder}/a`, "new");
    writer!.invalidate();
    assert.equal(await seen(reader!), "new");
    assert.equal(await seen(stranger), "notFound");
    assert.equal(Atomics.load(generation, 0), 1);
    for (const cache of [writer!, reader!, stranger]) cache.close();
  });
});

test("a file of the last moments is read again, as it may change and look the same", async () => {
  await withCache(async ({ clock, write, seen, asked, folder }) => {
    await write("a", "one");
    await utimes(`${folder}/a`, clock.nowMs() / 1000, clock.nowMs() / 1000 - 1);
    await seen("a");
    asked();
    clock.turn(1000);
    assert.equal(await seen("a"), "one");
    assert.equal(asked(), "stat open");
    clock.turn(1000);
    await seen("a");
    asked();
    clock.turn(1000);
    await seen("a");
    assert.equal(asked(), "look");
  });
});

test("a file that is replaced stays whole for who holds it", async () => {
  await withCache(async (bench) => {
    const { clock, write, seen, folder } = bench;
    await write("a", "old");
    await write("b", "brand-new");
    const old = await fileAt(bench, "a");
    await rename(`${folder}/b`, `${folder}/a`);
    clock.turn(1000);
    assert.equal(await seen("a"), "brand-new");
    assert.equal(Buffer.from(old.bytes!).toString(), "old");
    old.release();
  });
});

test("what comes and goes is found and not found, within a second", async () => {
  await withCache(async ({ clock, write, seen, folder }) => {
    assert.equal(await seen("a"), "notFound");
    await write("a", "here");
    assert.equal(await seen("a"), "notFound");
    clock.turn(1000);
    assert.equal(await seen("a"), "here");
    await rm(`${folder}/a`);
    await mkdir(`${folder}/a`);
    clock.turn(1000);
    assert.equal(await seen("a"), "folder");
    await rm(`${folder}/a`, { recursive: true });
    clock.turn(1000);
    assert.equal(await seen("a"), "notFound");
  });
});

test("many who ask at once share one open, and each has a reference", async () => {
  await withCache(async ({ cache, root, asked, open, folder }) => {
    await writeFile(`${folder}/a`, Buffer.alloc(70_000)); // too large for memory
    const asking = Array.from({ length: 20 }, async () => cache.lookup(root, "a"));
    const found = await Promise.all(asking);
    assert.equal(asked(), "stat open");
    assert.equal(new Set(found).size, 1);
    cache.close();
    assert.equal(open(), "a");
    for (const one of found) if (one instanceof OpenFile) one.release();
    assert.equal(open(), "");
  });
});

test("an error of the disk reaches all who wait, and is not remembered", async () => {
  let broken = true;
  const system: FileSystem = {
    ...systemFiles,
    realpath: (path) => {
      if (broken) return Promise.reject(Object.assign(new Error("broken"), { code: "EIO" }));
      return systemFiles.realpath(path);
    },
  };
  await withCache(async ({ cache, root, write, seen }) => {
    await write("a", "one");
    const asking = [1, 2].map(async () => cache.lookup(root, "a"));
    const outcomes = await Promise.allSettled(asking);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal(cache.stats().entries, 0);
    broken = false;
    assert.equal(await seen("a"), "one");
  }, system);
});

test("invalidate makes the very next lookup see what was written", async () => {
  await withCache(async ({ cache, write, seen }) => {
    await write("a", "one");
    assert.equal(await seen("a"), "one");
    assert.equal(await seen("b"), "notFound");
    await write("a", "another");
    await write("b", "new");
    cache.invalidate();
    assert.equal(await seen("a"), "another");
    assert.equal(await seen("b"), "new");
  });
});

test("a look that began before a write is no answer after it", async () => {
  const held = Promise.withResolvers<void>();
  let holds = true;
  const system: FileSystem = {
    ...systemFiles,
    realpath: async (path) => {
      const real = systemFiles.realpath(path);
      await real.catch(() => undefined);
      if (holds) await held.promise;
      return real;
    },
  };
  await withCache(async ({ cache, write, seen }) => {
    const before = seen("a");
    await new Promise((resolve) => setImmediate(resolve));
    await write("a", "new");
    cache.invalidate();
    holds = false;
    assert.equal(await seen("a"), "new");
    held.resolve();
    await before;
    assert.equal(await seen("a"), "new");
    assert.equal(cache.stats().entries, 1);
  }, system);
});

test("two roots with one folder do not share what their links may do", async () => {
  await withCache(async ({ cache, seen, folder }) => {
    await symlink("/etc/passwd", `${folder}/a`);
    assert.equal(await seen("a"), "forbidden");
    assert.notEqual(wordOf(await cache.lookup({ folder, followLinks: true }, "a")), "forbidden");
  });
});

test("one folder is one root, by the same rule about links", async () => {
  await withCache(async ({ cache, folder }) => {
    assert.equal(cache.root(folder, false), cache.root(folder, false));
    assert.notEqual(cache.root(folder, false), cache.root(folder, true));
    assert.notEqual(cache.root(folder, false), cache.root(`${folder}/a`, false));
  });
});

test("what nobody has asked for in a minute is closed, and opened again for who asks", async () => {
  await withCache(async ({ cache, clock, write, seen, open }) => {
    await write("a", BIG);
    await write("b", BIG);
    await seen("a");
    await seen("b");
    clock.turn(30_000);
    await seen("b");
    clock.turn(40_000);
    cache.closeUnasked();
    assert.equal(open(), "b");
    assert.equal(await seen("a"), "70000 bytes");
    assert.equal(open(), "a b");
  });
});

test("a file that somebody holds is not closed under them", async () => {
  await withCache(async (bench) => {
    const { cache, clock, write, seen, open } = bench;
    await write("a", BIG);
    const held = await fileAt(bench, "a");
    clock.turn(120_000);
    cache.closeUnasked();
    assert.equal(open(), "a");
    held.release();
    cache.closeUnasked();
    assert.equal(open(), "");
    assert.equal(await seen("a"), "70000 bytes");
  });
});
