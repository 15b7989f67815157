import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/temporary-folder.ts";
import { makeFolders } from "./make-folders.ts";

test("all that is missing is made, the last one with its mode", () =>
  withTemporaryFolder(async (folder) => {
    const deep = join(folder, "a/b/c");
    makeFolders(deep, 0o700);
    makeFolders(deep, 0o700);
    assert.equal((await stat(deep)).mode & 0o777, 0o700);
    assert.ok(((await stat(join(folder, "a"))).mode & 0o077) > 0);
  }));

test("below a file nothing can be made", () =>
  withTemporaryFolder(async (folder) => {
    const file = join(folder, "file");
    await writeFile(file, "");
    assert.throws(() => makeFolders(join(file, "a/b")), { code: "ENOTDIR" });
  }));

test("where the kernel takes no folders, it ends with the kernel's word", () => {
  assert.throws(() => makeFolders("/proc/nope/a/b"), { code: "ENOENT" });
});
