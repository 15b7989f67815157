import assert from "node:assert/strict";
import { utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { TurnedClock, withTemporaryFolder } from "../testing/index.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { OpenFileCache, type OpenFileCacheOptions } from "./open-file-cache.ts";
import { OpenFile } from "./open-file.ts";

const LONG_AGO_S = 1_600_000_000;

/** A system that has only so many descriptors, and is slow to take them back. */
class SmallSystem {
  readonly #max: number;
  readonly #open = new Map<number, string>();
  #held = 0;
  /** How often a file was opened so far. */
  opens = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** The names of the files that are open, each of one letter. */
  get open(): string {
    return [...this.#open.values()].toSorted().join("");
  }

  readonly files: FileSystem = {
    ...systemFiles,
    open: async (path, flags) => {
      if (this.#held >= this.#max) throw Object.assign(new Error("EMFILE"), { code: "EMFILE" });
      this.#held += 1;
      this.opens += 1;
      const fd = await systemFiles.open(path, flags);
      this.#open.set(fd, path.slice(-1));
      return fd;
    },
    close: async (fd) => {
      this.#open.delete(fd);
      await systemFiles.close(fd);
      for (let turn = 0; turn < 20; turn += 1) await systemFiles.stat("/");
      this.#held -= 1;
    },
    closeSync: (fd) => (this.#open.delete(fd), systemFiles.closeSync(fd)),
  };
}

/** `size` of each file: by default it is too large for memory, and keeps its descriptor. */
type Bounds = Partial<OpenFileCacheOptions> & { descriptors?: number; size?: number };

interface Bench {
  readonly cache: OpenFileCache;
  readonly system: SmallSystem;
  readonly clock: TurnedClock;
  hold(name: string): Promise<OpenFile>;
  /** Looks every letter of `names` up and gives it back. Returns what came: bytes, or failures. */
  ask(names: string): Promise<string>;
}

/** Lends a cache of the files a to h. */
async function withCache(bounds: Bounds, use: (bench: Bench) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    for (const name of "abcdefgh") {
      await writeFile(`${folder}/${name}`, name.repeat(bounds.size ?? 70_000));
      await utimes(`${folder}/${name}`, LONG_AGO_S, LONG_AGO_S);
    }
    const system = new SmallSystem(bounds.descriptors ?? 1000);
    const clock = new TurnedClock();
    const cache = new OpenFileCache({ clock, system: system.files, ...bounds });
    const root = { folder, followLinks: false };
    const hold = async (name: string): Promise<OpenFile> => {
      const found = await cache.lookup(root, name);
      assert.ok(found instanceof OpenFile);
      return found;
    };
    const word = async (name: string): Promise<string> => {
      const found = await cache.lookup(root, name);
      if (!(found instanceof OpenFile)) return found instanceof Failure ? found.code : "folder";
      found.release();
      if (found.bytes === null) return name;
      return Buffer.from(found.bytes).toString("latin1", 0, 1);
    };
    const ask = async (names: string): Promise<string> => {
      let came = "";
      for (const name of names) came += await word(name);
      return came;
    };
    await use({ cache, system, clock, hold, ask });
    cache.close();
    assert.equal(system.open, "", "what is left open behind close()");
  });
}

test("descriptors are bounded, and what was looked up first goes first", async () => {
  await withCache({ openFilesMax: 4 }, async ({ cache, system, ask }) => {
    assert.equal(await ask("abcdefgh"), "abcdefgh");
    assert.equal(system.open, "efgh");
    assert.deepEqual(cache.stats(), { entries: 4, bytes: 0, openFiles: 4 });
  });
});

test("bytes are bounded", async () => {
  await withCache({ bytesMax: 25, size: 10 }, async ({ cache, system, ask }) => {
    await ask("abcdefgh");
    assert.deepEqual(cache.stats(), { entries: 2, bytes: 20, openFiles: 0 });
    assert.equal(await ask("gh"), "gh");
    assert.equal(system.opens, 8);
    assert.equal(await ask("a"), "a");
    assert.equal(system.opens, 9);
  });
});

test("a single file over the bound of bytes is kept, alone", async () => {
  await withCache({ bytesMax: 5, size: 10 }, async ({ cache, system, ask }) => {
    await ask("abb");
    assert.equal(system.opens, 2);
    assert.deepEqual(cache.stats(), { entries: 1, bytes: 10, openFiles: 0 });
  });
});

test("files in memory hold no descriptor, however many they are", async () => {
  await withCache({ descriptors: 1, openFilesMax: 1, size: 10 }, async ({ cache, system, ask }) => {
    assert.equal(await ask("abcdefgh"), "abcdefgh");
    assert.equal(await ask("abcdefgh"), "abcdefgh");
    assert.equal(system.opens, 8);
    assert.equal(system.open, "");
    assert.deepEqual(cache.stats(), { entries: 8, bytes: 80, openFiles: 0 });
  });
});

test("without descriptors left, files in memory stay: they give none back", async () => {
  await withCache({ descriptors: 2, size: 10 }, async ({ cache, system, ask }) => {
    await ask("abc");
    const taken = [await system.files.open("/", 0), await system.files.open("/", 0)];
    assert.equal(await ask("d"), "overloaded");
    assert.equal(await ask("abc"), "abc");
    assert.equal(cache.stats().bytes, 30);
    for (const fd of taken) await system.files.close(fd);
  });
});

test("entries are bounded, whatever was found", async () => {
  await withCache({ entriesMax: 6 }, async ({ cache, system, ask }) => {
    await ask("abcdefgh");
    assert.equal(cache.stats().entries, 6);
    assert.equal(await ask("uvwxyz"), "notFound".repeat(6));
    assert.deepEqual(cache.stats(), { entries: 6, bytes: 0, openFiles: 0 });
    assert.equal(system.open, "");
  });
});

test("names that are asked for once push out none that is asked for again", async () => {
  await withCache({ entriesMax: 6 }, async ({ system, ask }) => {
    await ask("aa");
    for (let at = 0; at < 20; at += 1) assert.match(await ask("uvwxyza"), /^(notFound){6}a$/);
    assert.equal(system.opens, 1);
  });
});

test("a file that was used meanwhile outlives one that was not", async () => {
  await withCache({ openFilesMax: 3 }, async ({ system, ask }) => {
    await ask("abc");
    await ask("a");
    await ask("d");
    assert.equal(system.open, "acd");
  });
});

test("a file that is pushed out stays open for who holds it", async () => {
  await withCache({ openFilesMax: 1 }, async ({ system, hold, ask }) => {
    const file = await hold("a");
    await ask("b");
    assert.equal(system.open, "ab");
    const buffer = Buffer.alloc(10);
    assert.equal(await systemFiles.read(file.fd, buffer, 0, 10, 0), 10);
    file.release();
    assert.equal(system.open, "b");
  });
});

test("without descriptors left, those that only the cache holds are given up", async () => {
  await withCache({ descriptors: 3 }, async ({ system, ask }) => {
    assert.equal(await ask("abcdefgh"), "abcdefgh");
    assert.ok(system.open.includes("h"));
  });
});

test("without descriptors left and all in use, it is overloaded until one comes back", async () => {
  await withCache({ descriptors: 2 }, async ({ clock, hold, ask }) => {
    const held = [await hold("a"), await hold("b")];
    assert.equal(await ask("c"), "overloaded");
    assert.equal(await ask("ab"), "ab");
    for (const file of held) file.release();
    clock.turn(1000);
    assert.equal(await ask("c"), "c");
  });
});

test("a file looked up while the cache closes is theirs who wait for it", async () => {
  await withCache({}, async ({ cache, system, hold }) => {
    const asking = Promise.all([hold("a"), hold("a")]);
    cache.close();
    const [file, same] = await asking;
    assert.equal(file, same);
    assert.equal(system.open, "a");
    file.release();
    assert.equal(system.open, "a");
    file.release();
    assert.equal(system.open, "");
    assert.deepEqual(cache.stats(), { entries: 0, bytes: 0, openFiles: 0 });
  });
});

test("a file looked at again while the cache closes is opened for them who wait", async () => {
  await withCache({}, async ({ cache, clock, hold, ask }) => {
    await ask("a");
    clock.turn(1000);
    const asking = hold("a");
    cache.close();
    const file = await asking;
    assert.equal(file.size, 70_000);
    file.release();
  });
});

test("names that can't be there are not remembered, long ones not without bound", async () => {
  await withCache({}, async ({ cache, ask }) => {
    const root = { folder: "/nowhere", followLinks: false };
    for (const name of ["..", "a//b", ".env", "x".repeat(8000)]) {
      assert.ok(cache.lookup(root, name) instanceof Failure);
    }
    assert.equal(cache.stats().entries, 0);
    for (let at = 0; at < 2000; at += 1) await cache.lookup(root, `${at}/${"a/".repeat(4000)}b`);
    assert.ok(cache.stats().entries < 1100, String(cache.stats().entries));
    assert.equal(await ask("a"), "a");
  });
});

test("that there were no descriptors is forgotten at once", async () => {
  await withCache({ descriptors: 1 }, async ({ hold, ask }) => {
    const file = await hold("a");
    assert.equal(await ask("b"), "overloaded");
    file.release();
    assert.equal(await ask("b"), "b");
  });
});
