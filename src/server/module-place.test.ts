import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Wrong } from "../config/index.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { importModule, moduleWords, resolvePackage } from "./module-place.ts";

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

for (const [text, words] of [
  ["const a = 1;\nconst b = ;\n", /.*expected.* \(\/.*\/broken\.ts:2\)$/i],
  ["const a = 1;\nenum B { C }\n", /enum is not supported.* \(\/.*\/broken\.ts:2\)$/],
  ["\n\nthrow new Error('no luck');\n", /^no luck \(\/.*\/broken\.ts:3\)$/],
  ["import { nope } from 'node:fs';\n", /'nope' \(\/.*\/broken\.ts:1\)$/],
  ["import './gone.ts';\n", /^Cannot find module .*gone\.ts.* imported from .*broken\.ts$/],
  ["throw 'words';\n", /^it threw words$/],
] as const) {
  test(`why ${JSON.stringify(text)} can't be loaded is said with its line`, () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "broken.ts"), text);
      await writeFile(join(folder, "package.json"), '{ "type": "module" }');
      const error: unknown = await importModule(join(folder, "broken.ts")).catch((e: unknown) => e);
      assert.match(moduleWords(error), words);
    }));
}
