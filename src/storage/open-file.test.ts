import assert from "node:assert/strict";
import { appendFile, open, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/index.ts";
import { systemFiles } from "./file-system.ts";
import { OpenFile, readSlice } from "./open-file.ts";

const OPENED_S = 1_600_000_000;

/** `use` is handed an open file of `content`; `closed` counts how often it was closed. */
async function withFile(
  content: string,
  use: (file: OpenFile, closed: () => number) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const path = `${folder}/a`;
    await writeFile(path, content);
    await utimes(path, OPENED_S, OPENED_S + 0.75);
    const handle = await open(path);
    let closed = 0;
    const stats = await handle.stat({ bigint: true });
    const file = new OpenFile(handle.fd, path, stats, null, () => (closed += 1));
    await use(file, () => closed);
    await handle.close();
  });
}

test("is closed by the last release, and by no other", async () => {
  await withFile("abc", async (file, closed) => {
    assert.equal(file.isIdle, true);
    assert.equal(file.retain(), file);
    assert.equal(file.isIdle, false);
    file.release();
    assert.equal(closed(), 0);
    file.release();
    assert.equal(closed(), 1);
  });
});

test("can't be released or retained once it is closed", async () => {
  await withFile("abc", async (file, closed) => {
    file.release();
    assert.throws(() => file.release(), /is closed/);
    assert.throws(() => file.retain(), /is closed/);
    assert.equal(closed(), 1);
  });
});

test("has a strong tag, and a date of whole seconds", async () => {
  await withFile("abc", async (file) => {
    assert.match(file.etag, /^"[0-9a-z]+-[0-9a-z]+-3"$/);
    assert.equal(file.lastModified, "Sun, 13 Sep 2020 12:26:40 GMT");
    assert.equal(file.size, 3);
  });
});

const CHANGES: readonly [what: string, change: (path: string) => Promise<void>][] = [
  ["longer", (path) => appendFile(path, "d")],
  ["shorter", (path) => truncate(path, 1)],
  ["touched by a nanosecond's worth", (path) => utimes(path, OPENED_S, OPENED_S + 0.750_01)],
  [
    "written anew in the same length, with its time set back",
    async (path) => {
      await writeFile(path, "xyz");
      await utimes(path, OPENED_S, OPENED_S + 0.75);
    },
  ],
];
for (const [what, change] of CHANGES) {
  test(`is another file when it is ${what}`, async () => {
    await withFile("abc", async (file) => {
      assert.equal(file.isAt(await stat(file.path, { bigint: true })), true);
      await change(file.path);
      assert.equal(file.isAt(await systemFiles.stat(file.path)), false);
    });
  });
}

test("a slice is read from where it is asked for, and ends with the file", async () => {
  await withFile("0123456789", async (file) => {
    const buffer = Buffer.alloc(8, ".");
    assert.equal(await readSlice(file, 3, 4, buffer), 4);
    assert.equal(buffer.toString(), "3456....");
    assert.equal(await readSlice(file, 8, 8, buffer), 2);
    assert.equal(await readSlice(file, 10, 8, buffer), 0);
    await truncate(file.path, 2);
    assert.equal(await readSlice(file, 3, 4, buffer), 0);
  });
});

test("a slice of a file in memory does not touch the disk", async () => {
  await withFile("0123456789", async (file) => {
    const stats = await stat(file.path, { bigint: true });
    const held = new OpenFile(-1, file.path, stats, Buffer.from("abcdefghij"), () => undefined);
    const buffer = Buffer.alloc(4, ".");
    assert.equal(await readSlice(held, 8, 4, buffer), 2);
    assert.equal(buffer.toString(), "ij..");
  });
});
