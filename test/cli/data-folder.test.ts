// The claim on a data folder, as two whole servers see it.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico, withTemporaryFolder } from "../../src/testing/index.ts";

test("a data folder below one that is served stays claimed, whatever is asked for", () =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "www"));
    const config =
      'data = "www/var"\n[[listen]]\naddress = "127.0.0.1:0"\n[[site]]\nroot = "www"\n';
    await writeFile(join(folder, "portico.toml"), config);
    const program = await startPortico({ args: ["serve"], cwd: folder });
    for (const name of ["portico.lock", ".portico.lock"]) {
      await (await fetch(`${program.urls[0]}/var/${name}`)).text();
    }
    await assert.rejects(
      startPortico({ args: ["serve"], cwd: folder }),
      /is in use by another server/,
    );
    assert.equal(await program.stop(), 0);
  }));
