import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withFileOf, withTemporaryFolder } from "../testing/index.ts";
import { ClientFailure } from "./failure.ts";
import { OutgoingFile, sha256OfFile } from "./outgoing-file.ts";

async function opened(path: string): Promise<OutgoingFile> {
  const file = await OutgoingFile.open(path);
  assert.ok(file instanceof OutgoingFile);
  return file;
}

/** Reads to the end. */
async function rest(file: OutgoingFile): Promise<Buffer | ClientFailure> {
  const pieces: Buffer[] = [];
  try {
    for (;;) {
      const piece = await file.next();
      if (piece instanceof ClientFailure) return piece;
      if (piece === null) return Buffer.concat(pieces);
      pieces.push(Buffer.from(piece));
    }
  } finally {
    await file.close();
  }
}

for (const bytes of [0, 1, 262_143, 262_144, 262_145, 1_000_000]) {
  test(`${bytes} bytes are read and hashed`, () =>
    withFileOf(bytes, async (path, content) => {
      const file = await opened(path);
      assert.equal(file.bytes, bytes);
      assert.ok(content.equals((await rest(file)) as Buffer));
      const expected = createHash("sha256").update(content).digest("hex");
      assert.equal(file.sha256, expected);
      assert.equal(await sha256OfFile(path), expected);
    }));
}

test("a piece stays as it is while the next is read", () =>
  withFileOf(600_000, async (path, content) => {
    const file = await opened(path);
    const first = (await file.next()) as Uint8Array;
    await file.next();
    assert.ok(content.subarray(0, first.length).equals(first));
    await file.close();
  }));

const CHANGES: Record<string, (path: string) => Promise<void>> = {
  grew: (path) => appendFile(path, "x"),
  "was cut": (path) => truncate(path, 300_000),
  "was emptied": (path) => truncate(path, 0),
  "was written over": async (path) => {
    await writeFile(path, Buffer.alloc(600_000));
    await utimes(path, 1, 1); // whatever the clock's grain
  },
};
for (const [what, change] of Object.entries(CHANGES)) {
  test(`of a file that ${what} meanwhile the last piece is not given`, () =>
    withFileOf(600_000, async (path) => {
      const file = await opened(path);
      await file.next();
      await change(path);
      const failure = await rest(file);
      assert.ok(failure instanceof ClientFailure);
      assert.equal(failure.code, "fileChanged");
      assert.throws(() => file.sha256, /not all/);
    }));
}

test("what is no file, or is not there, is told", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "folder"));
    assert.equal(spawnSync("mkfifo", [join(folder, "pipe")]).status, 0);
    for (const name of ["folder", "pipe", "none", "folder/../none/x"]) {
      const failure = await OutgoingFile.open(join(folder, name));
      assert.ok(failure instanceof ClientFailure, name);
      assert.equal(failure.code, "fileUnreadable");
      assert.ok(failure.message.includes(join(folder, name)));
    }
  }));

test("closing twice is closing once", () =>
  withFileOf(1, async (path) => {
    const file = await opened(path);
    await Promise.all([file.close(), file.close()]);
    await file.close();
  }));
