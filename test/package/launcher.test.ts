// bin/portico: which Node it takes, and that it becomes the program itself.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { CHECKOUT } from "../checkout.ts";

const REPORT = "console.log(JSON.stringify([process.pid, ...process.argv.slice(2)]));\n";
const SYSTEM = "/usr/bin:/bin";

/** A package as npm installs it: the launcher, a `dist` that says how it was called, and a link. */
function makePackage(folder: string): string {
  const home = path.join(folder, "node_modules/portico");
  mkdirSync(path.join(home, "bin"), { recursive: true });
  mkdirSync(path.join(home, "dist/cli"), { recursive: true });
  cpSync(path.join(CHECKOUT, "bin/portico"), path.join(home, "bin/portico"));
  writeFileSync(path.join(home, "dist/cli/main.js"), REPORT);
  mkdirSync(path.join(folder, "node_modules/.bin"));
  const link = path.join(folder, "node_modules/.bin/portico");
  symlinkSync("../portico/bin/portico", link);
  return link;
}

/** A folder for PATH in which `node --version` says `version`. */
function fakeNode(folder: string, version: string): string {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit\nexit 9\n`;
  writeFileSync(path.join(bin, "node"), script);
  chmodSync(path.join(bin, "node"), 0o755);
  return bin;
}

function run(program: string, PATH: string, ...args: string[]) {
  return spawnSync(program, args, { env: { PATH }, encoding: "utf8" });
}

const PINNED = path.dirname(process.execPath);

test("a link to it runs the package with the Node on the PATH, and hands on its arguments", () =>
  withTemporaryFolder((folder) => {
    const link = makePackage(folder);
    const { stdout, stderr, status } = run(link, `${PINNED}:${SYSTEM}`, "a b", "", "$x", "*");
    assert.deepEqual(JSON.parse(stdout).slice(1), ["a b", "", "$x", "*"]);
    assert.deepEqual([stderr, status], ["", 0]);
  }));

test("it becomes the program: a signal sent to it reaches the program", () =>
  withTemporaryFolder(async (folder) => {
    const link = makePackage(folder);
    const main = path.join(folder, "node_modules/portico/dist/cli/main.js");
    writeFileSync(
      main,
      `process.on("SIGTERM", () => process.exit(7)); setInterval(String, 1e6); ${REPORT}`,
    );
    const child = spawn(link, { env: { PATH: `${PINNED}:${SYSTEM}` } });
    const [text] = (await once(child.stdout, "data")) as [Buffer];
    assert.equal(JSON.parse(String(text))[0], child.pid);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [7, null]);
  }));

for (const version of ["v20.20.2", "v23.11.0", "nonsense"]) {
  test(`a Node that says ${version} is refused in one sentence`, () =>
    withTemporaryFolder((folder) => {
      const link = makePackage(folder);
      const { stdout, stderr, status } = run(link, `${fakeNode(folder, version)}:${SYSTEM}`);
      assert.deepEqual([stdout, status], ["", 1]);
      assert.match(stderr, /^portico: needs Node 24 or later, and finds \S+: see \S+\n$/u);
    }));
}

test("a checkout without its packages says what to run", () =>
  withTemporaryFolder((folder) => {
    const home = path.join(folder, "with blank");
    mkdirSync(path.join(home, "src/cli"), { recursive: true });
    writeFileSync(path.join(home, "src/cli/main.ts"), REPORT);
    cpSync(path.join(CHECKOUT, "bin"), path.join(home, "bin"), { recursive: true });
    const { stdout, stderr, status } = run(path.join(home, "bin/portico"), SYSTEM);
    assert.deepEqual([stdout, status], ["", 1]);
    assert.match(stderr, /^portico: run `npm ci` in .*with blank first/u);
  }));

test("a checkout runs its sources with the pinned Node, whatever the PATH has", () =>
  withTemporaryFolder((folder) => {
    const PATH = `${fakeNode(folder, "v20.0.0")}:${SYSTEM}`;
    const { stdout, stderr, status } = run(path.join(CHECKOUT, "bin/portico"), PATH, "--version");
    assert.match(stdout, /\d+\.\d+\.\d+/u);
    assert.deepEqual([stderr, status], ["", 0]);
  }));
