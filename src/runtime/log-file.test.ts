import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/temporary-folder.ts";
import { LogFile } from "./log-file.ts";

const LINE = "x".repeat(99);

test("lines are written in order, each with its end, behind what was there", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    for (const round of ["first", "second"]) {
      const log = new LogFile(path);
      for (let at = 0; at < 1000; at += 1) log.write(`${round} ${at}`);
      await log.close();
    }
    const lines = (await readFile(path, "utf8")).split("\n");
    assert.equal(lines.length, 2001);
    assert.deepEqual(
      [lines[0], lines[999], lines[1999], lines[2000]],
      ["first 0", "first 999", "second 999", ""],
    );
    assert.equal((await stat(path)).mode & 0o777 & ~0o640, 0);
  }));

test("a file takes as many lines as one turn of the loop can bring", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const told: string[] = [];
    const log = new LogFile(path, (message) => told.push(message));
    for (let at = 0; at < 100_000; at += 1) log.write(LINE);
    await log.close();
    assert.equal((await stat(path)).size, 100_000 * (LINE.length + 1));
    assert.deepEqual(told, []);
  }));

test("more than one batch of lines comes out whole, and flush waits for all of it", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const log = new LogFile(path);
    for (let at = 0; at < 9000; at += 1) log.write(LINE);
    await log.flush();
    assert.equal((await stat(path)).size, 900_000);
    log.write("last");
    await log.close();
    assert.equal((await stat(path)).size, 900_005);
  }));

test("a line is written without anybody asking for it", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const log = new LogFile(path);
    log.write("alone");
    while ((await stat(path)).size === 0) await pause(10);
    assert.equal(await readFile(path, "utf8"), "alone\n");
    await log.close();
  }));

test("after it was renamed, reopening starts a new file and loses nothing", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const log = new LogFile(path);
    log.write("before");
    await rename(path, `${path}.1`);
    await log.reopen();
    log.write("after");
    await log.close();
    assert.equal(await readFile(`${path}.1`, "utf8"), "before\n");
    assert.equal(await readFile(path, "utf8"), "after\n");
  }));

test("where it cannot be reopened, it goes on with the file it has", () =>
  withTemporaryFolder(async (folder) => {
    const log = new LogFile(join(folder, "log"));
    await rename(folder, `${folder}-moved`);
    await assert.rejects(log.reopen(), /ENOENT/);
    log.write("still");
    await log.close();
    assert.equal(await readFile(`${folder}-moved/log`, "utf8"), "still\n");
    await rm(`${folder}-moved`, { recursive: true });
  }));

test("a file that cannot be opened is the caller's to know", () =>
  withTemporaryFolder((folder) => {
    assert.throws(() => new LogFile(folder), /EISDIR/);
    assert.throws(() => new LogFile(join(folder, "no/such/folder")), /ENOENT/);
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    assert.throws(() => new LogFile(fifo), /ENXIO/);
  }));

test("a full device is told once, and once more with the count when it takes lines again", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    await symlink("/dev/full", path);
    const told: string[] = [];
    const log = new LogFile(path, (message) => told.push(message));
    for (let at = 0; at < 20_000; at += 1) log.write(LINE); // twice the backlog
    await log.flush();
    await log.flush();
    assert.equal(told.length, 1);
    assert.match(told[0]!, /cannot be written/);
    await rm(path);
    await log.reopen();
    log.write("room again");
    await log.close();
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    assert.match(told[1] ?? "", new RegExp(`: ${20_001 - lines.length} lines were lost`));
    assert.equal(told.length, 2);
    assert.ok(lines.length >= 10_000 && lines.length < 10_600, `${lines.length} were kept`);
    assert.ok(lines.every((line) => line === LINE || line === "room again"));
  }));

test("a reader that takes nothing loses what is beyond the backlog, then gets whole lines", () =>
  withTemporaryFolder(async (folder) => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const told: string[] = [];
    const log = new LogFile(fifo, (message) => told.push(message));
    for (let at = 0; at < 20_000; at += 1) log.write(LINE);
    const closed = log.close();
    const text = await readAll(reader, closed);
    closeSync(reader);
    const lines = text.trimEnd().split("\n");
    assert.ok(lines.every((line) => line === LINE));
    assert.equal(told.length, 2);
    assert.match(told[1]!, new RegExp(`: ${20_000 - lines.length} lines were lost`));
  }));

test("a reader that leaves is no error, and what it does not get is counted", () =>
  withTemporaryFolder(async (folder) => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const told: string[] = [];
    const log = new LogFile(fifo, (message) => told.push(message));
    closeSync(reader);
    for (let at = 0; at < 3; at += 1) log.write(LINE);
    await log.flush();
    log.write(LINE);
    await log.close();
    assert.match(told[0]!, /nobody reads it any more/);
    assert.match(told[1]!, /: 4 lines were lost/);
  }));

async function readAll(fd: number, writerEnded: Promise<void>): Promise<string> {
  const ended = writerEnded.then(() => true);
  const block = Buffer.alloc(64 * 1024);
  let text = "";
  for (;;) {
    const over = await Promise.race([ended, pause(5).then(() => false)]);
    for (let got = 1; got > 0;) {
      try {
        got = readSync(fd, block);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "EAGAIN");
        got = 0;
      }
      text += block.toString("latin1", 0, got);
    }
    if (over) return text;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
