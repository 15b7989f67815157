import assert from "node:assert/strict";
import { appendFile, mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { TurnedClock, withTemporaryFolder } from "../testing/index.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { OpenFileCache } from "./open-file-cache.ts";
import type { Lookup, Root } from "./open-below.ts";
import { FolderEntry, OpenFile } from "./open-file.ts";

const LONG_AGO_S = 1_600_000_000;

interface Bench {
  readonly folder: string;
  readonly root: Root;
  readonly clock: TurnedClock;
  readonly cache: OpenFileCache;
  /** Steps that the cache asked of the system, as "open stat". */
  readonly asked: () => string;
  /** Writes a file that is old enough to be trusted. */
  write(name: string, content: string): Promise<void>;
  /** What comes of a name, in a word; a file's bytes. Gives the file back. */
  seen(name: string): Promise<string>;
  /** The names of the files that are open. */
  open(): string;
}

/** Lends a cache, which has nothing open behind `close`. */
async function withCache(
  use: (bench: Bench) => Promise<void>,
  system: FileSystem = systemFiles,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const bench = benchOf(folder, system);
    await use(bench);
    bench.cache.close();
    assert.equal(bench.open(), "");
  });
}

function benchOf(folder: string, system: FileSystem): Bench {
  const asked: string[] = [];
  const open = new Map<number, string>();
  const watched: FileSystem = {
    ...system,
    open: async (path, flags) => {
      asked.push("open");
      const fd = await system.open(path, flags);
      open.set(fd, path.slice(folder.length + 1));
      return fd;
    },
    stat: (path) => (asked.push("stat"), system.stat(path)),
    close: (fd) => (open.delete(fd), system.close(fd)),
    closeSync: (fd) => (open.delete(fd), system.closeSync(fd)),
  };
  const clock = new TurnedClock();
  const root = { folder, followLinks: false };
  const cache = new OpenFileCache({ clock, system: watched });
  return {
    folder,
    root,
    clock,
    cache,
    asked: () => asked.splice(0).join(" "),
    write: async (name, content) => {
      await writeFile(`${folder}/${name}`, content);
      await utimes(`${folder}/${name}`, LONG_AGO_S, LONG_AGO_S);
    },
    seen: async (name) => wordOf(await cache.lookup(root, name)),
    open: () => [...open.values()].toSorted().join(" "),
  };
}

function wordOf(found: Lookup): string {
  if (found instanceof Failure) return found.code;
  if (found instanceof FolderEntry) return "folder";
  found.release();
  return found.bytes === null ? `${found.size} bytes` : Buffer.from(found.bytes).toString();
}

async function fileAt({ cache, root }: Bench, name: string): Promise<OpenFile> {
  const found = await cache.lookup(root, name);
  assert.ok(found instanceof OpenFile);
  return found;
}

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

test("after a second it is looked at again, and opened only if it changed", async () => {
  await withCache(async ({ clock, write, seen, asked, folder }) => {
    await write("a", "one");
    await seen("a");
    asked();
    clock.turn(1000);
    assert.equal(await seen("a"), "one");
    assert.equal(asked(), "stat");
    clock.turn(1000);
    await appendFile(`${folder}/a`, "!");
    assert.equal(await seen("a"), "one!");
    assert.equal(asked(), "stat stat open");
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
    assert.equal(asked(), "stat");
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
    const buffer = Buffer.alloc(9);
    assert.equal(await systemFiles.read(old.fd, buffer, 0, 9, 0), 3);
    assert.equal(buffer.toString("latin1", 0, 3), Buffer.from(old.bytes!).toString());
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
  await withCache(async ({ cache, root, write, asked, open }) => {
    await write("a", "one");
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
