import assert from "node:assert/strict";
import { readlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withStore } from "../../testing/index.ts";
import { Store, systemFiles, type FileSystem } from "../index.ts";

for (const durability of ["fsync", "none"] as const) {
  test(`folders that are made above a store, ${durability}: each on the disk in its own`, () =>
    withStore(async (bench) => {
      const calls: string[] = [];
      const system: FileSystem = {
        ...systemFiles,
        mkdir: async (path, mode) => {
          await systemFiles.mkdir(path, mode);
          calls.push(`made ${path.slice(bench.folder.length)}`);
        },
        fsync: async (fd) => {
          await systemFiles.fsync(fd);
          const path = await readlink(`/proc/self/fd/${fd}`);
          calls.push(`flushed ${path.slice(bench.folder.length)}`);
        },
      };
      const options = { ...bench.options, folder: join(bench.folder, "a/b"), durability };
      const store = await Store.open(options, system);
      await store.close();
      const made = ["made /a", "flushed ", "made /a/b", "flushed /a"];
      const expected = made.filter((call) => durability === "fsync" || call.startsWith("made"));
      assert.deepEqual(calls, expected);
    }));
}
