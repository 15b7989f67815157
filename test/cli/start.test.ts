// Signals that come while a server starts.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { RunningProgram, withTemporaryFolder } from "../../src/testing/index.ts";

const config = (body: string): string =>
  `data = "var"\n[[listen]]\naddress = "127.0.0.1:0"\n[[site]]\n[[site.route]]\npath = "/*"\n` +
  `respond = { body = "${body}" }\n`;

test("a SIGHUP that comes during the start is a reload behind it", () =>
  withTemporaryFolder(async (folder) => {
    const file = join(folder, "portico.toml");
    await writeFile(file, config("old"));
    const program = new RunningProgram({ args: ["serve", "-c", file] });
    const claimed = join(folder, "var/portico.pid"); // by then the config was read
    while (!existsSync(claimed)) await delay(1);
    await writeFile(file, config("new"));
    process.kill(program.pid, "SIGHUP");
    await program.started();
    let seen = "";
    for (let tries = 0; tries < 100 && seen !== "new"; tries += 1) {
      seen = await (await fetch(`${program.urls[0]}/`)).text();
      await delay(20);
    }
    assert.equal(seen, "new");
    assert.equal(await program.stop(), 0);
  }));
