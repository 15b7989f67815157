import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/index.ts";
import { descriptorLimit, openFilesMaxUnder } from "./descriptor-limit.ts";

const BOUNDS: readonly [limit: number | null, kept: number][] = [
  [null, 512],
  [1_000_000, 512],
  [4096, 512],
  [4095, 511],
  [120, 15],
  [3, 1],
  [0, 1],
];
for (const [limit, kept] of BOUNDS) {
  test(`of ${limit ?? "unknown"} descriptors a cache keeps ${kept}`, () => {
    assert.equal(openFilesMaxUnder(limit), kept);
  });
}

test("the limit is this process's own", () => {
  const script = `
    import { descriptorLimit } from ${JSON.stringify(import.meta.resolve("./descriptor-limit.ts"))};
    console.log(descriptorLimit());`;
  const command = 'ulimit -n 123; exec "$0" --input-type=module -e "$1"';
  const out = execFileSync("sh", ["-c", command, process.execPath, script], { encoding: "utf8" });
  assert.equal(out.trim(), "123");
});

test("without the file, without its line and without a limit it is unknown", async () => {
  await withTemporaryFolder(async (folder) => {
    assert.equal(descriptorLimit(`${folder}/none`), null);
    await writeFile(`${folder}/empty`, "");
    assert.equal(descriptorLimit(`${folder}/empty`), null);
    await writeFile(`${folder}/unlimited`, "Max open files   unlimited   unlimited   files\n");
    assert.equal(descriptorLimit(`${folder}/unlimited`), null);
  });
});
