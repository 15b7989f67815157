import assert from "node:assert/strict";
import { appendFile, mkdir, rm, symlink } from "node:fs/promises";
import { test } from "node:test";
import { fileAt, withCache } from "../testing/index.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { OpenFile } from "./open-file.ts";

const REMOTE: FileSystem = { ...systemFiles, kindAt: async () => 0x6969 }; // NFS
const UNKNOWN: FileSystem = { ...systemFiles, kindAt: () => Promise.reject(new Error("none")) };

for (const [where, system, look] of [
  ["here", systemFiles, "look"],
  ["on a network", REMOTE, "stat"],
  ["nobody knows where", UNKNOWN, "stat"],
] as const) {
  test(`after a second a file ${where} is opened only if a look says that it changed`, async () => {
    await withCache(async ({ clock, write, seen, asked, folder }) => {
      await write("a", "one");
      await seen("a");
      asked();
      clock.turn(1000);
      assert.equal(await seen("a"), "one");
      assert.equal(asked(), look);
      clock.turn(1000);
      await appendFile(`${folder}/a`, "!");
      assert.equal(await seen("a"), "one!");
      assert.match(asked(), new RegExp(`^${look}( stat)+ open$`));
    }, system);
  });
}

test("a look at once is no promise, and counts as one", async () => {
  await withCache(async (bench) => {
    const { cache, root, clock, write, seen, asked } = bench;
    await write("a", "one");
    await seen("a");
    for (let looks = 1; looks < 4; looks += 1) {
      clock.turn(1000);
      asked();
      const found = cache.lookup(root, "a");
      assert.ok(found instanceof OpenFile);
      assert.equal(found.looks, looks);
      found.release();
      assert.equal(await seen("a"), "one");
      assert.equal(asked(), "look");
    }
  });
});

test("a name that nobody asked for lately is not waited for", async () => {
  await withCache(async ({ cache, root, clock, write, seen, asked }) => {
    await write("a", "one");
    await seen("a");
    clock.turn(10_001);
    asked();
    assert.ok(cache.lookup(root, "a") instanceof Promise);
    assert.equal(await seen("a"), "one");
    assert.equal(asked(), "stat");
  });
});

for (const [what, change] of [
  ["is gone", (folder: string) => rm(`${folder}/a`)],
  ["is a folder", async (folder: string) => (await rm(`${folder}/a`), await mkdir(`${folder}/a`))],
  [
    "leads out",
    async (folder: string) => (await rm(`${folder}/a`), symlink("/etc", `${folder}/a`)),
  ],
  [
    "leads to itself",
    async (folder: string) => (await rm(`${folder}/a`), symlink("a", `${folder}/a`)),
  ],
] as const) {
  test(`a file that ${what} is no answer after a second, nor after a write`, async () => {
    for (const isWrite of [false, true]) {
      await withCache(async ({ cache, clock, write, seen, folder }) => {
        await write("a", "one");
        assert.equal(await seen("a"), "one");
        await change(folder);
        if (isWrite) cache.invalidate();
        else clock.turn(1000);
        assert.notEqual(await seen("a"), "one");
      });
    }
  });
}

test("a name beside a file is absent only where that can be said at once", async () => {
  for (const [system, expected] of [
    [systemFiles, [true, false, false]],
    [REMOTE, [false, false, false]],
  ] as const) {
    await withCache(async (bench) => {
      const { cache, root, write } = bench;
      await write("a", "one");
      await write("b", "two");
      const file = await fileAt(bench, "a");
      const names = ["none", "b", "x".repeat(300)];
      assert.deepEqual(
        names.map((name) => cache.isAbsent(root, name, file)),
        expected,
      );
      file.release();
    }, system);
  }
});
