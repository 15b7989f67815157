import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../config/index.ts";
import { roomContext, withTemporaryFolder } from "../../testing/index.ts";
import { options, type UploadOptions } from "./options.ts";
import { prepareFolder } from "./prepare.ts";

function optionsOf(folder: string): UploadOptions {
  const loaded = loadConfig(`to = ${JSON.stringify(folder)}\n`, "upload.toml", options);
  assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
  return loaded.value;
}

test("a folder that is missing is made", () =>
  withTemporaryFolder(async (folder) => {
    const { stores } = roomContext();
    assert.equal(await prepareFolder(optionsOf(join(folder, "a", "b")), stores), null);
    assert.deepEqual(await readdir(join(folder, "a")), ["b"]);
    await stores.close();
  }));

test("a folder that can't be one is told by its name, and why", () =>
  withTemporaryFolder(async (folder) => {
    const { stores } = roomContext();
    await writeFile(join(folder, "file"), "");
    for (const to of [join(folder, "file"), join(folder, "file", "below")]) {
      const complaint = await prepareFolder({ ...optionsOf(folder), to }, stores);
      assert.ok(complaint!.startsWith(`uploads can't be stored in ${to}: E`), complaint!);
    }
    await stores.close();
  }));
