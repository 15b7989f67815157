// The test runner itself: what fails is told, what hangs ends, what is left running goes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { runFile } from "../../tools/run-test-file.ts";
import { CHECKOUT } from "../checkout.ts";

const HEAD = 'import { test } from "node:test"; import { spawn } from "node:child_process";\n';
const GOOD = `${HEAD}test("good", () => {});`;
const BAD = `${HEAD}test("bad", () => { throw new Error("broken"); });`;
const SKIPPED = `${HEAD}test("skipped", { skip: "not here" }, () => {});`;

/** Runs the whole runner in a checkout with these tests. */
function runAll(folder: string, files: Record<string, string>, ...args: string[]) {
  mkdirSync(path.join(folder, "src"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(path.join(folder, "src", `${name}.test.ts`), text);
  }
  const runner = path.join(CHECKOUT, "tools/run-tests.ts");
  // Without what node:test tells the processes of its own tests.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const options = { cwd: folder, encoding: "utf8", env } as const;
  return spawnSync(process.execPath, [runner, ...args], options);
}

const RUNS = [
  { files: { a: GOOD, b: GOOD }, args: [], last: "2 passed, 0 failed, 0 skipped", status: 0 },
  { files: { a: GOOD, b: SKIPPED }, args: [], last: "1 passed, 0 failed, 1 skipped", status: 0 },
  { files: { a: GOOD, b: BAD }, args: [], last: "1 passed, 1 failed, 0 skipped", status: 1 },
  { files: { a: GOOD, b: BAD }, args: ["src/a"], last: "1 passed, 0 failed, 0 skipped", status: 0 },
  { files: { a: GOOD }, args: ["src/b"], last: "0 passed, 0 failed, 0 skipped", status: 1 },
  { files: { a: "" }, args: [], last: "0 passed, 1 failed, 0 skipped", status: 1 },
  { files: { a: "syntax error" }, args: [], last: "0 passed, 1 failed, 0 skipped", status: 1 },
  { files: { a: 'import "./b.ts";' }, args: [], last: "0 passed, 1 failed, 0 skipped", status: 1 },
];
for (const { files, args, last, status } of RUNS) {
  test(`${JSON.stringify(files)} with [${args}] ends with ${status}, "${last}"`, () =>
    withTemporaryFolder((folder) => {
      const run = runAll(folder, files, ...args);
      assert.deepEqual([run.stdout.trimEnd().split("\n").at(-1), run.status], [last, status]);
    }));
}

test("a failure is told with its file, its line and its message", () =>
  withTemporaryFolder((folder) => {
    const { stdout } = runAll(folder, { a: BAD });
    assert.match(stdout, /^--- src\/a\.test\.ts:2: bad\nError: broken$/mu);
  }));

test("what a test left running ends with its file", () =>
  withTemporaryFolder(async (folder) => {
    const leak = `${HEAD}test("leaks", () => {
      const child = spawn("sleep", ["1000"], { stdio: "inherit" });
      child.unref();
      console.log(child.pid);
    });`;
    const file = path.join(folder, "leak.test.ts");
    writeFileSync(file, leak);
    const { passed, failures, output } = await runFile(file, folder);
    assert.deepEqual([passed, failures], [1, []]);
    await goneOf(Number(output));
  }));

test("a file that does not end fails at its deadline, and tells what passed", () =>
  withTemporaryFolder(async (folder) => {
    const file = path.join(folder, "hang.test.ts");
    writeFileSync(file, `${HEAD}test("good", () => {}); setInterval(String, 1000);`);
    const { passed, failures } = await runFile(file, folder, 3000);
    assert.equal(passed, 1);
    assert.match(failures[0]!.report, /its deadline of 3 s/u);
  }));

/** Resolves when no such process runs; never else, and the file's own deadline ends it. */
async function goneOf(pid: number): Promise<void> {
  for (;;) {
    try {
      // A killed process stays as a zombie until somebody reaps it.
      if (/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
