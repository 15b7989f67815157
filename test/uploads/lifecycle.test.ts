// Uploads while the server is told something else: a new config, to stop, what to do behind them.
import assert from "node:assert/strict";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { RawConnection } from "../../src/testing/index.ts";
import { answerIn, configOf, postForm, withUploads, type UploadSite } from "./upload-site.ts";

const BODY = "0123456789".repeat(1000);

async function begun(site: UploadSite, path: string): Promise<RawConnection> {
  const connection = await site.open();
  const fields = `Host: localhost\r\nConnection: close\r\nContent-Length: ${BODY.length}`;
  await connection.send(`PUT ${path} HTTP/1.1\r\n${fields}\r\nExpect: 100-continue\r\n\r\n`);
  // From here on the handler waits for the body.
  await connection.until("100 Continue\r\n\r\n");
  await connection.send(BODY.slice(0, 5000));
  return connection;
}

async function ended(connection: RawConnection): Promise<number> {
  await connection.send(BODY.slice(5000));
  const received = await connection.untilEnd();
  connection.close();
  return answerIn(received.slice(received.indexOf("\r\n\r\n") + 4)).status;
}

test("an upload that began under one config ends under it", () =>
  withUploads({ routes: { old: 'mode = "0600"', kept: "" } }, async (site) => {
    const connections = await Promise.all([begun(site, "/old/a"), begun(site, "/kept/a")]);
    const next = configOf({ kept: 'fileBytes = "5 B", mode = "0644"' });
    await reload(site, next);
    assert.equal((await site.put("old/b", "x")).status, 404);
    assert.equal((await site.put("kept/b", "123456")).status, 413);
    assert.equal((await site.put("kept/b", "12345")).status, 201);
    for (const connection of connections) assert.equal(await ended(connection), 201);
    for (const route of ["old", "kept"]) {
      assert.equal(await readFile(site.path(route, "a"), "utf8"), BODY);
    }
    const modes = [site.path("old", "a"), site.path("kept", "a"), site.path("kept", "b")];
    const seen = await Promise.all(modes.map(async (path) => (await stat(path)).mode & 0o777));
    assert.deepEqual(seen, [0o600, 0o640, 0o644]);
    assert.deepEqual(await site.names("old"), ["a"]);
  }));

/** Resolves once all workers answer by the new config. */
async function reload(site: UploadSite, config: string): Promise<void> {
  await writeFile(site.path("portico.toml"), config);
  process.kill(site.program.pid, "SIGHUP");
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (/ info reloaded/.test(site.program.stderr())) return;
    await delay(10);
  }
  assert.fail(site.program.stderr());
}

test("an upload that is under way when the server stops is finished", () =>
  withUploads({ routes: { in: "" } }, async (site) => {
    const connection = await begun(site, "/in/a");
    process.kill(site.program.pid, "SIGTERM");
    // No new connection is taken from now on.
    while (
      await site.open().then(
        (one) => (one.close(), true),
        () => false,
      )
    )
      await delay(10);
    assert.equal(await ended(connection), 201);
    assert.equal(await site.program.exited, 0);
    assert.equal(await readFile(site.path("in", "a"), "utf8"), BODY);
    assert.deepEqual(await site.names("in"), ["a"]);
  }));

test("a command is run for each file that was stored, and for none that was not", () =>
  withUploads(
    {
      routes: { in: 'accept = ["text/plain"], onStored = { run = ["cp", "{path}", "{folder}"] }' },
    },
    async (site) => {
      await mkdir(site.path("in", "sub"));
      assert.equal((await site.put("in/refused.html", "<html>")).status, 415);
      const files = ["a.txt", "$(touch x).txt", "-rf.txt"].map((filename) => {
        return { name: "f", filename, content: filename };
      });
      assert.equal((await postForm(site, "in/", files)).status, 201);
      assert.equal((await site.put("in/sub/b.txt", "b")).status, 201);
      for (const name of ["a.txt", "$(touch x).txt", "-rf.txt", "b.txt"]) {
        await untilThere(site.path(name));
      }
      assert.equal(await readFile(site.path("b.txt"), "utf8"), "b");
      await assert.rejects(stat(site.path("refused.html")));
    },
  ));

async function untilThere(path: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const isThere = await stat(path).then(
      ({ size }) => size > 0,
      () => false,
    );
    if (isThere) return;
    await delay(20);
  }
  assert.fail(`${path} never came`);
}
