import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { withTemporaryFolder } from "../testing/temporary-folder.ts";
import { LogFile } from "./log-file.ts";

const run = promisify(execFile);
const MODULE = JSON.stringify(new URL("./log-file.ts", import.meta.url).href);
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

test("what comes after the end is lost, and closing twice is fine", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const log = new LogFile(path);
    log.write("in time");
    const closed = log.close();
    log.write("too late");
    await log.close();
    await closed;
    assert.equal(await readFile(path, "utf8"), "in time\n");
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

test("a device that stays full delays no end, and all that is lost is counted", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    await symlink("/dev/full", path);
    const told: string[] = [];
    const log = new LogFile(path, (message) => told.push(message));
    for (let at = 0; at < 50; at += 1) log.write(LINE);
    await log.close();
    assert.equal(told.length, 2);
    assert.match(told[1]!, /50 lines were lost/);
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

test("a reader that is stuck is left behind at the end", () =>
  withTemporaryFolder(async (folder) => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const told: string[] = [];
    const log = new LogFile(fifo, (message) => told.push(message));
    for (let at = 0; at < 5000; at += 1) log.write(LINE);
    await log.close();
    closeSync(reader);
    assert.match(told.at(-1)!, /lines were lost/);
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

test("no line is lost when the process exits at once", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const child = script(
      `
      const log = new LogFile(process.argv[1]);
      for (let at = 0; at < 9000; at += 1) log.write(String(at));
      process.exit(0);`,
      path,
    );
    assert.equal(await exitOf(child), 0);
    assert.equal(await readFile(path, "utf8"), numbers(9000));
  }));

test("no line is lost when the process dies of an error, and their order is kept", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "log");
    const child = script(
      `
      const log = new LogFile(process.argv[1]);
      let at = 0;
      setInterval(() => {
        for (let count = 0; count < 900; count += 1) log.write(String(at++));
        if (at === 9000) throw new Error("on purpose");
      }, 7);`,
      path,
    );
    assert.notEqual(await exitOf(child), 0);
    assert.equal(await readFile(path, "utf8"), numbers(9000));
  }));

for (const end of ["process.exit(0)", "await log.close(); process.exit(0)"]) {
  test(`a reader of standard error that is stuck does not hold up \`${end}\``, async () => {
    const child = script(`
      const log = new LogFile("stderr");
      for (let at = 0; at < 9000; at += 1) log.write("x".repeat(99));
      setTimeout(async () => { ${end} }, 200);`);
    child.stderr!.pause();
    assert.equal(await exitOf(child), 0);
  });
}

test("a reader of standard error that leaves ends nothing", async () => {
  const child = script(`
    const log = new LogFile("stderr");
    let turns = 0;
    setInterval(() => {
      for (let at = 0; at < 100; at += 1) log.write("x".repeat(99));
      if (++turns === 20) process.exit(7);
    }, 10);`);
  child.stderr!.destroy();
  assert.equal(await exitOf(child), 7);
});

test("a slow reader of standard error gets every line up to the backlog", async () => {
  const source = `
    const { LogFile } = await import(${MODULE});
    const log = new LogFile("stderr");
    for (let at = 0; at < 40_000; at += 1) log.write(String(at));
    await log.close();`;
  // A shell's pipe, which blocks until somebody says otherwise; a child's of ours is a socket.
  const pipeline = '"$0" --input-type=module -e "$1" 2>&1 >/dev/null | (sleep 0.3; cat)';
  const { stdout } = await run("sh", ["-c", pipeline, process.execPath, source]);
  assert.equal(stdout, numbers(40_000));
});

function script(body: string, ...args: string[]): ChildProcess {
  const source = `const { LogFile } = await import(${MODULE});\n${body}`;
  const flags = ["--input-type=module", "-e", source, ...args];
  const quiet = args.length > 0; // the test looks at a file, not at what the child says
  return spawn(process.execPath, flags, {
    stdio: ["ignore", "inherit", quiet ? "ignore" : "pipe"],
  });
}

// "exit", not "close": a pipe that nobody reads is never at its end.
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("exit", resolve));
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, at) => `${at}\n`).join("");
}

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
