// What only the real process shows: exit codes, streams that end early, no stack for anyone. The
// tables of arguments and of configs are beside src/cli.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/index.ts";
import { PORTICO, runPortico } from "./run-portico.ts";

const STACK = /^ {4}at /m;

test("--version prints name and version, and nothing else", async () => {
  await withTemporaryFolder(async (folder) => {
    const { code, out, err } = await runPortico(folder, ["--version"]);
    assert.match(out, /^portico \d+\.\d+\.\d+\S*\n$/);
    assert.deepEqual([code, err], [0, ""]);
  });
});

const WRONG = [
  { args: ["sevre"], code: 2, says: "Did you mean serve?" },
  { args: ["serve", "--nope"], code: 2, says: "--nope" },
  { args: ["serve", "no-such-folder"], code: 2, says: "no-such-folder" },
  { args: ["serve", "-c", "none.toml"], code: 78, says: "none.toml" },
  { args: ["serve", "-c", "bad.toml"], code: 78, says: "bad.toml:2:1: " },
];
for (const { args, code, says } of WRONG) {
  test(`portico ${args.join(" ")} ends with ${code} and words`, async () => {
    await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "bad.toml"), '[[listen]]\nadress = "127.0.0.1:0"\n');
      const ended = await runPortico(folder, args);
      assert.ok(ended.err.includes(says), ended.err);
      assert.doesNotMatch(ended.err, STACK);
      assert.deepEqual([ended.code, ended.out], [code, ""]);
    });
  });
}

test("a reader that leaves is no error", async () => {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "portico.toml"), "");
    const child = spawn(PORTICO, ["check", "--print"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const [code] = await once(child, "close");
    assert.deepEqual([code, err], [0, ""]);
  });
});

test("an answer that a full device loses is a failure, in words", async () => {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "portico.toml"), "");
    const command = `"${PORTICO}" check --print > /dev/full`;
    const shell = spawn("/bin/sh", ["-c", command], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let err = "";
    shell.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const [code] = await once(shell, "close");
    const words = "portico: standard output can't be written: no space left on device\n";
    assert.deepEqual([code, err], [1, words]);
  });
});

for (const [folder, way] of [
  ["..", "bin/portico"],
  [".", "./portico"],
] as const) {
  test(`the launcher called ${way} finds its home, whatever CDPATH says`, () => {
    const bin = dirname(PORTICO);
    const options = {
      cwd: join(bin, folder),
      env: { ...process.env, CDPATH: `${dirname(bin)}:${bin}` },
      encoding: "utf8",
    } as const;
    const { status, stdout, stderr } = spawnSync("sh", [way, "--version"], options);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^portico /);
  });
}

test("output to a pipe has no colours", async () => {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "www"));
    await writeFile(join(folder, "portico.toml"), "nonsense = 1\n");
    const { code, out } = await runPortico(folder, ["check"], { TERM: "xterm" });
    assert.equal(code, 78);
    assert.ok(!out.includes("\u001b"));
  });
});
