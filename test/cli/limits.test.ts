// Bounds of the whole program, and what it says when they are passed.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { RawConnection, startPortico, withTemporaryFolder } from "../../src/testing/index.ts";

const LOG = '[log]\naccess = "access.log"';
const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

async function withConfig(
  config: string,
  use: (program: Awaited<ReturnType<typeof startPortico>>, folder: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "index.html"), "home");
    await writeFile(join(folder, "big.bin"), Buffer.alloc(32 * 1024 * 1024));
    const rest = '[[listen]]\naddress = "127.0.0.1:0"\n[[site]]\nroot = "."\n';
    await writeFile(join(folder, "portico.toml"), `workers = 1\n${config}\n${rest}`);
    const program = await startPortico({ args: ["serve", "-c", join(folder, "portico.toml")] });
    try {
      await use(program, folder);
    } finally {
      await program.stop();
    }
  });
}

test("a connection too many is 503 with Retry-After, from the table, and logged", () =>
  withConfig(`[limits]\nconnections = 2\n${LOG}`, async (program, folder) => {
    const open = await Promise.all([1, 2].map(() => RawConnection.open(program.port)));
    for (const connection of open) {
      await connection.send(GET);
      await connection.until("home");
    }
    const refused = await RawConnection.open(program.port);
    await refused.send(GET);
    const answer = await refused.untilEnd();
    assert.match(answer, /^HTTP\/1\.1 503 Service Unavailable\r\nDate: /);
    assert.match(answer, /\r\nRetry-After: 5\r\n[^]*Connection: close/);
    assert.match(answer, /more to do than it takes on at once/);
    for (const connection of open) connection.close();
    await open[0]!.untilEnd();
    // A place that was given back is taken again.
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const next = await RawConnection.open(program.port);
      await next.send(GET);
      const seen = await next.until("HTTP/1.1 ");
      next.close();
      if (seen.startsWith("HTTP/1.1 200")) break;
      assert.ok(attempt < 199);
    }
    assert.equal(await program.stop(), 0);
    assert.match(await readFile(join(folder, "access.log"), "utf8"), /"-" 503 /);
  }));

for (const [name, signals] of [
  ["a stop", 1],
  ["a second signal", 2],
] as const) {
  test(`what is cut by ${name} is in the access log`, () =>
    withConfig(`[timeouts]\nshutdown = "500ms"\n${LOG}`, async (program, folder) => {
      const reader = connect(program.port, "127.0.0.1").on("error", () => undefined);
      reader.write(GET.replace("/", "/big.bin"));
      await new Promise((resolve) => reader.once("data", resolve));
      reader.pause();
      process.kill(program.pid, "SIGTERM");
      if (signals === 2) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        process.kill(program.pid, "SIGTERM");
      }
      await program.exited;
      reader.destroy();
      const log = await readFile(join(folder, "access.log"), "utf8");
      assert.match(log, /"GET \/big\.bin HTTP\/1\.1" 200 \d/);
    }));
}

test("a deadline of a month is not one of a millisecond", () =>
  withConfig('[timeouts]\nshutdown = "30d"\n[log]\naccess = "off"', async (program) => {
    const reader = connect(program.port, "127.0.0.1").on("error", () => undefined);
    reader.write(GET.replace("/", "/big.bin"));
    await new Promise((resolve) => reader.once("data", resolve));
    reader.pause();
    process.kill(program.pid, "SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 300));
    let bytes = 0;
    reader.on("data", (piece: Buffer) => (bytes += piece.length)).resume();
    await new Promise((resolve) => reader.once("end", resolve));
    reader.end();
    assert.equal(await program.exited, 0);
    assert.ok(bytes > 31 * 1024 * 1024, `${bytes} bytes`);
    assert.deepEqual(program.complaints(), []);
  }));
