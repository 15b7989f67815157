// The storage of an app over a temporary folder, and what becomes of what is put in it.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { loadConfig, table } from "../config/index.ts";
import { storage, storageOf, type Storage } from "../handlers/app/storage/index.ts";
import { Refused } from "../http/refused.ts";
import { roomContext } from "./room-context.ts";
import { openPaths } from "./served-folder.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

/** A storage by what its table says, in a folder that holds nothing but what it promised. */
export function withStorage(
  toml: string,
  use: (one: Storage, folder: string) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const text = `storage = { to = ${JSON.stringify(folder)}${toml === "" ? "" : `, ${toml}`} }\n`;
    const loaded = loadConfig(text, "app.toml", table({ storage }));
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    const context = roomContext();
    await use(storageOf(loaded.value.storage, context)!, folder);
    await context.stores.close();
    context.files.close();
    assert.deepEqual(
      openPaths().filter((path) => path.startsWith(folder)),
      [],
    );
    const left = await readdir(folder, { recursive: true });
    assert.deepEqual(
      left.filter((name) => name.startsWith(".")),
      [],
    );
  });
}

/** Whether an error is a refusal of that code. */
export function refused(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Refused, String(error));
    assert.equal(error.code, code);
    return true;
  };
}
