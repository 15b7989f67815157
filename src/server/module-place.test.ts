import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Wrong } from "../config/index.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { importModule, resolvePackage, thrownWords } from "./module-place.ts";

/** Runs `use` in a folder whose `node_modules` has `pack`, which imports alone find. */
async function withPackage(use: (folder: string) => Promise<void> | void): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const pack = join(folder, "node_modules/pack");
    await mkdir(pack, { recursive: true });
    const exports = { ".": { import: "./main.js" }, "./sub": "./sub.js" };
    const manifest = { name: "pack", type: "module", exports };
    await writeFile(join(pack, "package.json"), JSON.stringify(manifest));
    await writeFile(join(pack, "main.js"), "export default 1;");
    await writeFile(join(folder, "beside.ts"), "export default 2;");
    await use(folder);
  });
}

for (const [name, file] of [
  ["pack", "main.js"],
  ["pack/sub", "sub.js"],
] as const) {
  test(`${name} is found from the config's folder, and from one below`, () =>
    withPackage(async (folder) => {
      await mkdir(join(folder, "below"));
      const found = join(folder, "node_modules/pack", file);
      assert.equal(resolvePackage(name, folder), found);
      assert.equal(resolvePackage(name, join(folder, "below")), found);
    }));
}

for (const [name, message, hint] of [
  ["unpacked", /no package "unpacked" to be found from \//, /node_modules/],
  ["beside.ts", /no package "beside\.ts"/, /"\.\/beside\.ts"/],
  ["pack/other", /'\.\/other' is not defined by "exports"/, null],
  ["node:fs", /"node:fs" is no package with files/, null],
  ["fs", /"fs" is no package with files/, null],
  ["", /./, null],
  ["http://a.test/x.js", /./, null],
  ["#inner", /./, null],
] as const) {
  test(`${JSON.stringify(name)} is not found`, () =>
    withPackage((folder) => {
      const wrong = resolvePackage(name, folder);
      assert.ok(wrong instanceof Wrong, JSON.stringify(wrong));
      assert.match(wrong.message, message);
      if (hint !== null) assert.match(wrong.hint!, hint);
    }));
}

test("a module is loaded anew once it has changed, and others stay", () =>
  withTemporaryFolder(async (folder) => {
    const [file, other] = [join(folder, "room.mjs"), join(folder, "other.mjs")];
    await writeFile(file, "export const value = 1;");
    await writeFile(other, "export const value = {};");
    const [first, kept] = [await importModule(file), await importModule(other)];
    assert.equal(await importModule(file), first);
    await writeFile(file, "export const value = 1 + 1;");
    assert.equal((await importModule(file))["value"], 2);
    assert.equal(await importModule(other), kept);
    await writeFile(file, "let = ;");
    await assert.rejects(importModule(file), /room\.mjs:1: SyntaxError/);
    assert.equal(await importModule(other), kept);
  }));

test("loads at one time take turns", () =>
  withTemporaryFolder(async (folder) => {
    const file = join(folder, "room.mjs");
    await writeFile(file, "export const value = {};");
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => importModule(file)));
    assert.deepEqual(new Set([first, ...others]).size, 1);
  }));

for (const [what, error, words] of [
  ["an error of a file", new Error("no luck"), /^no luck \(\/.*module-place\.test\.ts:\d+\)$/],
  ["an error without a stack", Object.assign(new Error("no luck"), { stack: "" }), /^no luck$/],
  ["a text", "no luck", /^it threw no luck$/],
  ["nothing", undefined, /^it threw undefined$/],
] as const) {
  test(`of ${what} that was thrown is said what is known`, () => {
    assert.match(thrownWords(error), words);
  });
}
