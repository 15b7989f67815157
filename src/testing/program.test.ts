import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico } from "./program.ts";
import { RawConnection } from "./raw-connection.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

test("a program that starts is known by its address, and stops when asked", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "a.txt"), "alpha\n");
    const args = ["serve", folder, "-l", "0", "-l", "0", "--access-log", "off"];
    const program = await startPortico({ args });
    assert.equal(program.urls.length, 2);
    const connection = await RawConnection.open(program.port);
    await connection.send("GET /a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.match(await connection.until("alpha\n"), /^HTTP\/1\.1 200 /);
    connection.finish();
    await connection.untilEnd();
    assert.equal(await program.stop(), 0);
    assert.deepEqual(program.complaints(), []);
  }));

test("a program that does not start says why", async () => {
  await assert.rejects(
    startPortico({ args: ["serve", "/no/such/folder"] }),
    /ended \(\d+\) before it listened:\n[^]*no folder/,
  );
});
