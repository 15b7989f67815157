import assert from "node:assert/strict";
import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { StoreBench, withTemporaryFolder } from "../../testing/index.ts";
import { ownName } from "./owner.ts";
import { systemFiles } from "../file-system.ts";
import { Store } from "./store.ts";

/** The name of what a process left that is gone. */
function deadName(): string {
  const parts = ownName().split(".");
  parts[3] = "99999999";
  return parts.join(".");
}

interface Left {
  readonly bench: StoreBench;
  /** Writes what a dead process would have left. */
  leave(name: string, content: string): Promise<void>;
  /** Writes a journal of a dead process. */
  journal(entries: readonly object[] | string): Promise<void>;
  /** Opens the store again. */
  start(): Promise<void>;
  see(name: string): Promise<string>;
}

async function withLeft(use: (left: Left) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const bench = new StoreBench(folder, {});
    await (await Store.open(bench.options)).close();
    const leave = (name: string, content: string) => writeFile(join(folder, name), content);
    await use({
      bench,
      leave,
      journal: (entries) => {
        const text = typeof entries === "string" ? entries : `${JSON.stringify(entries)}\n`;
        return leave(`${deadName()}.journal`, text);
      },
      start: async () => (await Store.open(bench.options)).close(),
      see: (name) => readFile(join(folder, name), "utf8"),
    });
  });
}

test("drafts of who is gone are taken away; those of who is there are not", () =>
  withLeft(async ({ bench, leave, start }) => {
    const mine = ownName();
    for (const name of [deadName(), `${deadName()}.old`, `${deadName()}.gone`, mine]) {
      await leave(name, "x");
    }
    await start();
    assert.deepEqual(await bench.left(), [mine]);
  }));

test("what nobody knows stays for a day", () =>
  withLeft(async ({ bench, leave, start }) => {
    await leave(".portico-young", "x");
    await leave(".portico-old", "x");
    await utimes(join(bench.folder, ".portico-old"), 0, 0);
    await start();
    assert.deepEqual(await bench.left(), [".portico-young"]);
  }));

test("what was begun is done: new names, folders, and what was to be replaced", () =>
  withLeft(async ({ bench, leave, journal, start, see }) => {
    const [a, b] = [deadName(), deadName()];
    await leave(a, "new a");
    await leave(b, "new b");
    await writeFile(join(bench.folder, "b"), "old b");
    await leave(`${b}.new`, "new b"); // the crash came between link and rename
    const before = String((await stat(join(bench.folder, "b"))).ino);
    await journal([
      { draft: a, name: ["deep", "er", "a"], before: null },
      { draft: b, name: ["b"], before },
    ]);
    await start();
    assert.equal(await see("deep/er/a"), "new a");
    assert.equal(await see("b"), "new b");
    assert.deepEqual(await bench.left(), []);
    assert.deepEqual(bench.log.errors, []);
  }));

test("what is done so is on the disk before its journal goes", () =>
  withLeft(async ({ bench, leave, journal }) => {
    const a = deadName();
    await leave(a, "new a");
    await journal([{ draft: a, name: ["a"], before: null }]);
    const calls: string[] = [];
    const noted =
      (name: "link" | "fsync" | "unlink") =>
      async (...given: unknown[]): Promise<void> => {
        await (systemFiles[name] as (...given: unknown[]) => Promise<void>)(...given);
        calls.push(name);
      };
    const watched = { link: noted("link"), fsync: noted("fsync"), unlink: noted("unlink") };
    await (await Store.open(bench.options, { ...systemFiles, ...watched })).close();
    assert.match(calls.join(" "), /^link fsync unlink/);
  }));

test("what was written over, or placed before, is left alone", () =>
  withLeft(async ({ bench, leave, journal, start, see }) => {
    const [a, b, gone] = [deadName(), deadName(), deadName()];
    await leave(a, "stale");
    await leave(b, "stale");
    await writeFile(join(bench.folder, "a"), "newer");
    await writeFile(join(bench.folder, "b"), "newer, too");
    await journal([
      { draft: a, name: ["a"], before: null },
      { draft: b, name: ["b"], before: "1" },
      { draft: gone, name: ["c"], before: null },
    ]);
    await start();
    assert.deepEqual([await see("a"), await see("b")], ["newer", "newer, too"]);
    assert.deepEqual(await bench.names(), ["a", "b"]);
    assert.deepEqual(await bench.left(), []);
  }));

for (const text of ["", "[", '[{"draft":', "[]", "null]\n", '[{"draft":"x","name":["a"]}]']) {
  test(`a journal that is not whole was never begun on: ${JSON.stringify(text)}`, () =>
    withLeft(async ({ bench, leave, journal, start }) => {
      await leave(deadName(), "x");
      await journal(text);
      await start();
      assert.deepEqual(await bench.names(), []);
      assert.deepEqual(await bench.left(), []);
    }));
}

test("a journal that leads out of the folder leads nowhere", () =>
  withLeft(async ({ bench, leave, journal, start }) => {
    const draft = deadName();
    await leave(draft, "x");
    await journal([{ draft, name: ["..", `${basename(bench.folder)}-out`], before: null }]);
    await start();
    assert.deepEqual(await bench.names(), []);
    assert.equal(bench.log.errors.length, 1);
    await assert.rejects(stat(`${bench.folder}-out`), { code: "ENOENT" });
  }));

test("a journal that can't be done is kept with its drafts, and others are done", () =>
  withLeft(async ({ bench, leave, journal, start, see }) => {
    const [bad, good] = [deadName(), deadName()];
    await leave(bad, "x");
    await leave(good, "y");
    await writeFile(join(bench.folder, "file"), "");
    await journal([{ draft: bad, name: ["file", "a"], before: null }]);
    await journal([{ draft: good, name: ["b"], before: null }]);
    await start();
    assert.equal(await see("b"), "y");
    assert.equal((await bench.left()).length, 2);
    assert.equal(bench.log.errors.length, 1);
  }));

test("stores of one folder that are opened at once leave each other's drafts alone", () =>
  withLeft(async ({ bench }) => {
    const stores = await Promise.all([Store.open(bench.options), Store.open(bench.options)]);
    bench.store = stores[0];
    const draft = await bench.sealed("x");
    assert.ok(!(draft instanceof Failure));
    const third = await Store.open(bench.options);
    const placed = await stores[0].place([{ draft, name: "a", how: "reject" }]);
    assert.ok(!(placed instanceof Failure));
    for (const store of [...stores, third]) await store.close();
  }));
