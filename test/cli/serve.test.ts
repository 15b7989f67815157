import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { RawConnection, startPortico } from "../../src/testing/index.ts";
import { PORTICO, runPortico } from "./run-portico.ts";
import { withSite } from "./site.ts";

test("standard output has the start lines and nothing else", async () => {
  await withSite(async (cwd) => {
    const socket = join(cwd, "p.sock");
    const args = ["serve", "www", "-l", "127.0.0.1:0", "-l", "0", "-l", `unix:${socket}`];
    const program = await startPortico({ args, cwd });
    const [first, second, third] = program.urls;
    assert.match(first!, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    assert.match(second!, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    assert.equal(third, `unix:${socket}`);
    for (const url of [first, second]) {
      assert.equal(await (await fetch(`${url}/`)).text(), "<h1>hello</h1>");
    }
    assert.equal(await program.stop(), 0);
    const lines = [first, second, third].map((url) => `portico: listening on ${url}\n`);
    assert.equal(program.stdout(), lines.join(""));
  });
});

test("without arguments portico.toml is served where there is one, else the folder", async () => {
  await withSite(async (cwd) => {
    const plain = await startPortico({ args: ["serve", "-l", "0"], cwd: join(cwd, "www") });
    assert.equal((await fetch(`${plain.urls[0]}/index.html`)).status, 200);
    assert.equal(await plain.stop(), 0);
    const text = '[[listen]]\naddress = "0"\n[[site]]\n[[site.route]]\npath = "/*"\n';
    await writeFile(join(cwd, "portico.toml"), `${text}respond = { status = 418 }\n`);
    const configured = await startPortico({ args: ["serve"], cwd });
    assert.equal((await fetch(configured.urls[0]!)).status, 418);
    assert.equal(await configured.stop(), 0);
  });
});

test("-l takes the place of what the config listens on", async () => {
  await withSite(async (cwd) => {
    const text = '[[listen]]\naddress = "unix:config.sock"\n[[site]]\nroot = "www"\n';
    await writeFile(join(cwd, "site.toml"), text);
    const program = await startPortico({ args: ["serve", "-c", "site.toml", "-l", "0"], cwd });
    assert.equal(program.urls.length, 1);
    assert.match(program.urls[0]!, /^http:/);
    assert.equal(await program.stop(), 0);
  });
});

test("two servers that were given no address never share one", async () => {
  await withSite(async (cwd) => {
    const first = await startPortico({ args: ["serve", "www"], cwd });
    const second = await startPortico({ args: ["serve", "www"], cwd });
    for (const { port } of [first, second]) assert.ok(port >= 8080 && port <= 8179, String(port));
    assert.notEqual(first.port, second.port);
    assert.deepEqual([await first.stop(), await second.stop()], [0, 0]);
  });
});

test("--access-log names a file, which is whole once the server has ended", async () => {
  await withSite(async (cwd) => {
    // One worker: lines of several are in order to a twentieth of a second only.
    const args = ["serve", "www", "-l", "0", "-w", "1", "--access-log", "logs/access.log"];
    const program = await startPortico({ args, cwd });
    for (const name of ["", "index.html", "none"])
      await (await fetch(`${program.urls[0]}/${name}`)).text();
    assert.equal(await program.stop(), 0);
    const lines = (await readFile(join(cwd, "logs", "access.log"), "utf8")).trimEnd().split("\n");
    const seen = lines.map((line) => /"(GET \S+) HTTP\/1\.1" (\d+)/.exec(line)?.slice(1, 3));
    assert.deepEqual(seen, [
      ["GET /", "200"],
      ["GET /index.html", "200"],
      ["GET /none", "404"],
    ]);
    assert.equal(program.stderr(), "");
  });
});

test("--access-log off logs no request", async () => {
  await withSite(async (cwd) => {
    const args = ["serve", "www", "-l", "0", "--access-log", "off"];
    const program = await startPortico({ args, cwd });
    await (await fetch(program.urls[0]!)).text();
    assert.equal(await program.stop(), 0);
    assert.equal(program.stderr(), "");
  });
});

test("without it requests are logged to standard error", async () => {
  await withSite(async (cwd) => {
    const program = await startPortico({ args: ["serve", "www", "-l", "0"], cwd });
    await (await fetch(program.urls[0]!)).text();
    assert.equal(await program.stop(), 0);
    assert.match(program.stderr(), /^127\.0\.0\.1 - - \[[^\]]+\] "GET \/ HTTP\/1\.1" 200 .*\n$/);
  });
});

test("--list lists folders that have no index file", async () => {
  await withSite(async (cwd) => {
    await mkdir(join(cwd, "www", "sub"));
    const plain = await startPortico({ args: ["serve", "www", "-l", "0"], cwd });
    const listing = await startPortico({ args: ["serve", "www", "-l", "0", "--list"], cwd });
    assert.notEqual((await fetch(`${plain.urls[0]}/sub/`)).status, 200);
    assert.equal((await fetch(`${listing.urls[0]}/sub/`)).status, 200);
    assert.deepEqual([await plain.stop(), await listing.stop()], [0, 0]);
  });
});

test("a port that is taken ends it with 1, in words that name the port", async () => {
  await withSite(async (cwd) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    const ended = await runPortico(cwd, ["serve", "www", "-l", `127.0.0.1:${port}`]);
    other.close();
    assert.deepEqual([ended.code, ended.out], [1, ""]);
    assert.ok(ended.err.includes(String(port)), ended.err);
    assert.doesNotMatch(ended.err, /^ {4}at |bug/m);
  });
});

for (const [what, address] of [
  ["an address of another machine", "192.0.2.1:0"],
  ["a socket in a folder that is not there", "unix:nowhere/p.sock"],
] as const) {
  test(`${what} ends it with 1, in words`, async () => {
    await withSite(async (cwd) => {
      const ended = await runPortico(cwd, ["serve", "www", "-l", "0", "-l", address]);
      assert.deepEqual([ended.code, ended.out], [1, ""]);
      assert.match(ended.err, /^portico: /);
      assert.doesNotMatch(ended.err, /^ {4}at |bug/m);
    });
  });
}

test("a server whose standard output nobody reads any more goes on", async () => {
  await withSite(async (cwd) => {
    const socket = join(cwd, "p.sock");
    const child = spawn(PORTICO, ["serve", "www", "-l", `unix:${socket}`], {
      cwd,
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.destroy(); // before the start line, which then is an EPIPE
    const ended = once(child, "exit");
    const connection = await untilOpen(socket);
    await connection.send("GET / HTTP/1.0\r\n\r\n");
    assert.match(await connection.untilEnd(), /^HTTP\/1\.1 200 /);
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [0, null]);
  });
});

async function untilOpen(path: string): Promise<RawConnection> {
  for (let tries = 0; tries < 600; tries += 1) {
    try {
      return await RawConnection.open(path);
    } catch {
      await delay(50); // it is not listening yet
    }
  }
  throw new Error(`nobody listens on ${path}`);
}
