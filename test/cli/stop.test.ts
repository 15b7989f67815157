// Signals that ask a server to stop, and those that don't ask twice.
import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { RawConnection, startPortico } from "../../src/testing/index.ts";
import { beginDownload, BIG_BYTES, withSite } from "./site.ts";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} lets a download finish, and then it ends with 0`, async () => {
    await withSite(async (cwd) => {
      const program = await startPortico({ args: ["serve", "www", "-l", "0"], cwd });
      const connection = await beginDownload(program.port);
      process.kill(program.pid, signal);
      const answer = await connection.untilEnd();
      assert.equal(answer.length - answer.indexOf("\r\n\r\n") - 4, BIG_BYTES);
      assert.equal(await program.exited, 0);
    });
  });
}

test("a Ctrl-C that npm passes on a second time still lets a download finish", async () => {
  await withSite(async (cwd) => {
    const program = await startPortico({ args: ["serve", "www", "-l", "0"], cwd });
    const connection = await beginDownload(program.port);
    process.kill(program.pid, "SIGINT");
    process.kill(program.pid, "SIGINT");
    const answer = await connection.untilEnd();
    assert.equal(answer.length - answer.indexOf("\r\n\r\n") - 4, BIG_BYTES);
    assert.equal(await program.exited, 0);
  });
});

for (const [second, exitCode] of [
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const) {
  test(`a second signal, ${second}, ends it at once with ${exitCode}`, async () => {
    await withSite(async (cwd) => {
      const program = await startPortico({ args: ["serve", "www", "-l", "0"], cwd });
      const reader = connect(program.port, "127.0.0.1");
      reader.on("error", () => undefined);
      reader.write("GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await once(reader, "readable"); // and never reads on: the download stays under way
      process.kill(program.pid, "SIGTERM");
      await delay(300); // longer than a signal's echo
      process.kill(program.pid, second);
      assert.equal(await program.exited, exitCode);
      reader.destroy();
    });
  });
}

test("a second SIGTERM right behind the first ends it at once: it is no echo", async () => {
  await withSite(async (cwd) => {
    const program = await startPortico({ args: ["serve", "www", "-l", "0"], cwd });
    const connection = await beginDownload(program.port);
    process.kill(program.pid, "SIGTERM");
    await untilClosed(program.port); // two that are pending at once count as one (signal(7))
    process.kill(program.pid, "SIGTERM");
    assert.equal(await program.exited, 143);
    connection.close();
  });
});

async function untilClosed(port: number): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    try {
      (await RawConnection.open(port)).close();
    } catch {
      return;
    }
    await delay(5); // it still listens
  }
  throw new Error(`something still listens on ${port}`);
}

test("two presses of Ctrl-C end it with 130, whichever end comes first", async () => {
  await withSite(async (cwd) => {
    const listen = '[[listen]]\naddress = "127.0.0.1:0"\n';
    const config = `data = "var"\n${listen}[[site]]\nroot = "www"\n`;
    await writeFile(join(cwd, "portico.toml"), config);
    for (let time = 0; time < 10; time += 1) {
      const program = await startPortico({ args: ["serve"], cwd });
      const connection = await beginDownload(program.port);
      process.kill(program.pid, "SIGINT");
      await delay(200); // longer than a signal's echo
      process.kill(program.pid, "SIGINT");
      assert.equal(await program.exited, 130);
      connection.close();
    }
  });
});

test("while a download ends, a unix socket refuses as a port does", async () => {
  await withSite(async (cwd) => {
    const args = ["serve", "www", "-l", "0", "-l", "unix:p.sock"];
    const program = await startPortico({ args, cwd });
    const connection = await beginDownload(program.port);
    process.kill(program.pid, "SIGTERM");
    await untilClosed(program.port);
    const late = connect(join(cwd, "p.sock"));
    const [error] = await Promise.race([
      once(late, "error"),
      once(late, "connect").catch(() => []),
    ]);
    late.destroy();
    assert.match(String((error as NodeJS.ErrnoException | undefined)?.code), /ECONNREFUSED|ENOENT/);
    await connection.untilEnd();
    assert.equal(await program.exited, 0);
  });
});
