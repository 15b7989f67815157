// The same of files that are read and written, as where koffi is missing.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico, withTemporaryFolder } from "../../src/testing/index.ts";

/** Whether a program has called the C library once it has sent a large file. */
async function usesNative(env: Record<string, string | undefined>): Promise<boolean> {
  let uses = false;
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "large.bin"), Buffer.alloc(1024 ** 2));
    const args = ["serve", folder, "-l", "0", "--access-log", "off"];
    const program = await startPortico({ args, env });
    const answer = await fetch(`${program.urls[0]}/large.bin`);
    assert.equal((await answer.arrayBuffer()).byteLength, 1024 ** 2);
    uses = /koffi\S*\.node/.test(await readFile(`/proc/${program.pid}/maps`, "latin1"));
    await program.stop();
  });
  return uses;
}

const before = process.env["NODE_OPTIONS"];
process.env["NODE_OPTIONS"] = `--import ${new URL("close-fast-ways.ts", import.meta.url).href}`;

test("the fast ways are taken, and these tests take the plain ones", async () => {
  assert.equal(await usesNative({}), false);
  assert.equal(await usesNative({ NODE_OPTIONS: before }), true);
});

await import("./large-files.test.ts");
