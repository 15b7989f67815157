import assert from "node:assert/strict";
import { appendFile, open, truncate, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/index.ts";
import { BYTES_KEPT_MAX, contentsOf } from "./contents.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";

type Change = (path: string) => Promise<unknown>;

/** What is kept of a file of `content`, when `change` is made behind each of the first reads. */
async function kept(
  content: string,
  change: Change,
  times: number,
): Promise<[string | null, bigint]> {
  let left = times;
  return withTemporaryFolder(async (folder) => {
    const path = `${folder}/a`;
    await writeFile(path, content);
    const system: FileSystem = {
      ...systemFiles,
      read: async (...asked) => {
        const got = await systemFiles.read(...asked);
        if (left-- > 0) await change(path);
        return got;
      },
    };
    const handle = await open(path);
    const stats = await handle.stat({ bigint: true });
    const { bytes, seen } = await contentsOf(handle.fd, stats, system);
    await handle.close();
    return [bytes === null ? null : Buffer.from(bytes).toString(), seen.size];
  });
}

const grow: Change = (path) => appendFile(path, "+");
const shrink: Change = (path) => truncate(path, 1);
const rewrite: Change = (path) => writeFile(path, "xyz");

test("a file that stands still is kept", async () => {
  assert.deepEqual(await kept("abc", grow, 0), ["abc", 3n]);
});

const WRITTEN: readonly [what: string, change: Change, times: number, bytes: string][] = [
  ["grows once", grow, 1, "abc+"],
  ["grows twice", grow, 2, "abc++"],
  ["shrinks", shrink, 1, "a"],
  ["is written over in its length", rewrite, 1, "xyz"],
];
for (const [what, change, times, bytes] of WRITTEN) {
  test(`a file that ${what} while it is read is read again`, async () => {
    assert.deepEqual(await kept("abc", change, times), [bytes, BigInt(bytes.length)]);
  });
}

test("a file that never stands still is not kept, and its last look counts", async () => {
  assert.deepEqual(await kept("abc", grow, 1000), [null, 6n]);
});

test("a file that grows over the bound while it is read is not kept", async () => {
  const size = BYTES_KEPT_MAX;
  assert.deepEqual(await kept("x".repeat(size), grow, 1), [null, BigInt(size + 1)]);
});

test("an empty file and one of 64 KiB are kept, a larger one is not", async () => {
  const sizes = [0, BYTES_KEPT_MAX, BYTES_KEPT_MAX + 1];
  const lengths = sizes.map(async (size) => (await kept("x".repeat(size), grow, 0))[0]?.length);
  assert.deepEqual(await Promise.all(lengths), [0, BYTES_KEPT_MAX, undefined]);
});
