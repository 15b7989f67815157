// What `npm start` and `npm test` install, tried with an npm and an apt-get that only take notes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { CHECKOUT } from "../checkout.ts";

interface Machine {
  readonly home: string;
  readonly bin: string;
}

/** A checkout without packages, and a PATH of one folder with nothing but fakes in it. */
function makeMachine(folder: string): Machine {
  const home = path.join(folder, "checkout");
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  cpSync(path.join(CHECKOUT, "tools"), path.join(home, "tools"), { recursive: true });
  cpSync(path.join(CHECKOUT, "package.json"), path.join(home, "package.json"));
  const lock = { packages: { "": {}, "node_modules/a": { version: "1.0.0" }, ...OPTIONAL } };
  writeFileSync(path.join(home, "package-lock.json"), JSON.stringify(lock));
  return { home, bin };
}

const OPTIONAL = { "node_modules/b": { version: "1.0.0", optional: true } };

function addProgram({ bin }: Machine, name: string, script: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(bin, name), 0o755);
}

/** Puts package `a` of that version, and a pinned Node, where npm would. */
function addPackages({ home }: Machine, version: string): void {
  mkdirSync(path.join(home, "node_modules/a"), { recursive: true });
  mkdirSync(path.join(home, "node_modules/node/bin"), { recursive: true });
  writeFileSync(path.join(home, "node_modules/a/package.json"), JSON.stringify({ version }));
  writeFileSync(path.join(home, "node_modules/node/bin/node"), "", { mode: 0o755 });
  writeFileSync(path.join(home, "node_modules/.package-lock.json"), "{}");
}

function run({ home, bin }: Machine, code: string, env: NodeJS.ProcessEnv = {}) {
  const args = ["--input-type=module", "--eval", code];
  const options = { cwd: home, encoding: "utf8", env: { PATH: bin, ...env } } as const;
  return spawnSync(process.execPath, args, options);
}

const PACKAGES = 'import { installPackages } from "./tools/install.mjs"; installPackages();';
const PROGRAMS = 'import { installPrograms } from "./tools/debian.mjs"; installPrograms();';

test("packages that fit are left alone", () =>
  withTemporaryFolder((folder) => {
    const machine = makeMachine(folder);
    addPackages(machine, "1.0.0");
    addProgram(machine, "npm", "exit 9");
    const { status, stderr } = run(machine, PACKAGES);
    assert.deepEqual([status, stderr], [0, ""]);
  }));

const MISFITS = [
  { what: "missing packages", prepare: () => undefined },
  { what: "another version", prepare: (machine: Machine) => addPackages(machine, "0.9.0") },
];
for (const { what, prepare } of MISFITS) {
  test(`${what}: npm ci runs, with what is for development and its scripts`, () =>
    withTemporaryFolder((folder) => {
      const machine = makeMachine(folder);
      prepare(machine);
      const prepared = path.join(folder, "prepared");
      addPackages({ ...machine, home: prepared }, "1.0.0");
      const copy = `cp -r "${prepared}/." .`;
      addProgram(machine, "npm", `echo "$@" > asked; PATH=/usr/bin:/bin; ${copy}`);
      const { status, stderr } = run(machine, PACKAGES, { NODE_ENV: "production" });
      assert.equal(status, 0, stderr);
      const asked = readFileSync(path.join(machine.home, "asked"), "utf8");
      assert.match(asked, /^ci --include=dev --ignore-scripts=false /u);
    }));
}

test("an npm that fails, or leaves something out, ends it in words", () =>
  withTemporaryFolder((folder) => {
    const machine = makeMachine(folder);
    addProgram(machine, "npm", "exit 3");
    const failed = run(machine, PACKAGES);
    assert.deepEqual([failed.status, failed.stderr.includes("npm ended with 3")], [1, true]);
    addProgram(machine, "npm", "exit 0");
    const without = run(machine, PACKAGES);
    assert.deepEqual([without.status, /could not be installed/u.test(without.stderr)], [1, true]);
  }));

const IS_ROOT = { skip: process.getuid?.() === 0 ? false : "only root installs programs" };

test("root gets the programs that are missing, and no other", IS_ROOT, () =>
  withTemporaryFolder((folder) => {
    const machine = makeMachine(folder);
    addProgram(machine, "curl", "");
    const notes = path.join(folder, "asked");
    const install = `for p in "$@"; do PATH=/usr/bin:/bin touch "${machine.bin}/$p"; done`;
    addProgram(machine, "apt-get", `echo "$@" >> "${notes}"\n[ "$1" = install ] && ${install}; :`);
    const { status, stderr } = run(machine, PROGRAMS, { CI: "true" });
    assert.equal(status, 0, stderr);
    const [first, second] = readFileSync(notes, "utf8").split("\n");
    assert.match(first!, /^update/u);
    assert.match(second!, /^install .*chromium/u);
    assert.doesNotMatch(second!, /curl/u);
    assert.ok(existsSync(path.join(machine.bin, "chromium")));
  }),
);

test("a program that can't be had is named, and ends the run in CI only", () =>
  withTemporaryFolder((folder) => {
    const machine = makeMachine(folder);
    const here = run(machine, PROGRAMS);
    assert.deepEqual([here.status, here.stderr.startsWith("Missing: chromium")], [0, true]);
    const inCi = run(machine, PROGRAMS, { CI: "true" });
    assert.deepEqual([inCi.status, inCi.stderr.includes("this is a failure")], [1, true]);
  }));
