import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/index.ts";
import { UsedModules } from "./used-modules.ts";

/** A module that counts how often it is loaded, and says `word`. */
const TEXT = (word: string): string =>
  `globalThis.loads = (globalThis.loads ?? 0) + 1;\nexport default "${word}";\n`;

async function withModule(use: (file: string, word: () => Promise<unknown>) => Promise<void>) {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, "room.ts");
    await writeFile(file, TEXT("one"));
    const used = new UsedModules();
    const word = async (): Promise<unknown> => {
      const { default: said } = await used.during((loadModule) => loadModule(file));
      return said;
    };
    await use(file, word);
  });
}

function loads(): number {
  return (globalThis as { loads?: number }).loads ?? 0;
}

test("a module is loaded anew where its file has changed, and only then", () =>
  withModule(async (file, word) => {
    const before = loads();
    assert.equal(await word(), "one");
    assert.equal(await word(), "one");
    assert.equal(loads(), before + 1);
    await writeFile(file, TEXT("another"));
    assert.equal(await word(), "another");
    assert.equal(loads(), before + 2);
  }));

test("one that fails is loaded once it is mended", () =>
  withModule(async (file, word) => {
    await writeFile(file, "export default \n;const a = ;");
    await assert.rejects(word(), /room\.ts:2/);
    await assert.rejects(word(), /room\.ts:2/);
    await writeFile(file, TEXT("mended"));
    assert.equal(await word(), "mended");
  }));

test("readings at one time take turns", () =>
  withModule(async (_file, word) => {
    assert.deepEqual(await Promise.all([word(), word(), word()]), ["one", "one", "one"]);
  }));
