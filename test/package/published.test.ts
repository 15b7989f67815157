// The package as others get it: packed, unpacked elsewhere, used as a program and as a library.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { CHECKOUT, copyCheckout, textOf } from "../checkout.ts";

const { version, dependencies } = JSON.parse(textOf("package.json")) as {
  version: string;
  dependencies: Record<string, string>;
};
const NODE_FOLDER = path.dirname(process.execPath);
const ENVIRONMENT = { ...process.env, PATH: `${NODE_FOLDER}:${process.env["PATH"]}` };

let folder = "";

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), "portico-package-"));
  const copy = path.join(folder, "checkout");
  copyCheckout(copy);
  execFileSync("npm", ["pack", "--pack-destination", folder], {
    cwd: copy,
    env: ENVIRONMENT,
    stdio: "pipe",
  });
  const modules = path.join(folder, "user/node_modules");
  mkdirSync(path.join(modules, "portico"), { recursive: true });
  const archive = path.join(folder, `portico-${version}.tgz`);
  execFileSync("tar", ["-xzf", archive, "-C", path.join(modules, "portico"), "--strip=1"]);
  // What the dependencies need themselves is linked, too; nothing of development is.
  cpSync(path.join(CHECKOUT, "test/package/project"), path.join(folder, "user"), {
    recursive: true,
  });
  const project = { name: "project", private: true, type: "module" };
  writeFileSync(path.join(folder, "user/package.json"), JSON.stringify(project));
  for (const name of [...Object.keys(dependencies), "eslint-visitor-keys", "@types"]) {
    symlinkSync(path.join(CHECKOUT, "node_modules", name), path.join(modules, name));
  }
});

after(() => rmSync(folder, { recursive: true }));

function runAsUser(program: string, ...args: string[]) {
  const options = { cwd: path.join(folder, "user"), env: ENVIRONMENT, encoding: "utf8" } as const;
  return spawnSync(program, args, options);
}

test("it holds what it needs and nothing of its making", () => {
  const home = path.join(folder, "user/node_modules/portico");
  const found = readdirSync(home).sort();
  const expected = ["CHANGELOG.md", "LICENSE", "README.md", "bin", "dist", "package.json"];
  assert.deepEqual(found, expected);
  const built = readdirSync(path.join(home, "dist"), { recursive: true }) as string[];
  assert.deepEqual(
    built.filter((name) => /\.test\.|testing/u.test(name)),
    [],
  );
});

test("its program runs and knows its version", () => {
  const portico = path.join(folder, "user/node_modules/portico/bin/portico");
  const { status, stdout, stderr } = runAsUser(portico, "--version");
  assert.ok(stdout.includes(version), stdout);
  assert.deepEqual([status, stderr], [0, ""]);
});

test("its parsers are a library", () => {
  const code = `import * as protocol from "portico/protocol";
    console.log(typeof protocol.RequestParser);`;
  const { stdout, stderr } = runAsUser("node", "--input-type=module", "--eval", code);
  assert.deepEqual([stdout, stderr], ["function\n", ""]);
});

test("what is no door is shut", () => {
  const code = 'await import("portico/dist/server/index.js");';
  const { status, stderr } = runAsUser("node", "--input-type=module", "--eval", code);
  assert.notEqual(status, 0);
  assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/u);
});

test("its types reach TypeScript", () => {
  const user = path.join(folder, "user");
  const source = `import { RequestParser } from "portico/protocol";
    export type Fed = Parameters<RequestParser["feed"]>;
    export const fed: Fed = ["text"];\n`;
  mkdirSync(path.join(user, "parsers"));
  writeFileSync(path.join(user, "parsers/a.ts"), source);
  const tsc = path.join(CHECKOUT, "node_modules/typescript/bin/tsc");
  const flags = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--module",
    "nodenext",
    "--target",
    "es2024",
    "parsers/a.ts",
  ];
  const { stdout } = runAsUser("node", tsc, ...flags);
  assert.match(stdout, /^parsers\/a\.ts\(3,\d+\): error TS2322: .*'string'/u, stdout);
  assert.equal(stdout.trim().split("\n").length, 1, stdout);
});

test("a project in TypeScript that serves by it has no error, not in types of ours either", () => {
  const tsc = path.join(CHECKOUT, "node_modules/typescript/bin/tsc");
  const { stdout } = runAsUser("node", tsc, "-p", "tsconfig.json");
  assert.equal(stdout, "");
});

for (const [file, printed] of [
  ["server.ts", /^served\n$/u],
  ["tests.ts", /pass 2\n.*fail 0\n/su],
] as const) {
  test(`its ${file} runs, and ends by itself`, () => {
    const { status, stdout, stderr } = runAsUser("node", file);
    assert.match(stdout, printed, stderr);
    assert.deepEqual([status, stderr], [0, ""]);
  });
}
