// Spools in a temporary folder, of which nothing may be left.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Spools, type SpoolsOptions } from "../storage/index.ts";
import { LogNotes } from "./store-bench.ts";
import { openIn, withTemporaryFolder } from "./temporary-folder.ts";

export interface SpoolBench {
  readonly spools: Spools;
  readonly folder: string;
  readonly log: LogNotes;
}

/** Lends spools; behind that no memory, no descriptor and no name may be left of them. */
export function withSpools(
  use: (bench: SpoolBench) => Promise<void>,
  options: Partial<SpoolsOptions> = {},
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const log = new LogNotes();
    const spools = new Spools({ folder, log, ...options });
    await use({ spools, folder, log });
    while (openIn(folder).length > 0) await setImmediate();
    assert.equal(spools.memoryBytes, 0);
    assert.deepEqual(readdirSync(folder), []);
  });
}
