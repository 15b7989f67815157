import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { withTemporaryFolder } from "../testing/temporary-folder.ts";
import { LogFile } from "./log-file.ts";

// How a log ends: closed, or with its process, which is a child then.

const run = promisify(execFile);
const LINE = "x".repeat(99);
const MODULE = JSON.stringify(new URL("./log-file.ts", import.meta.url).href);

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
