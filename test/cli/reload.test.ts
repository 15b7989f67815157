// A config that is read again while the server runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  RawConnection,
  startPortico,
  withTemporaryFolder,
  type RunningProgram,
} from "../../src/testing/index.ts";

interface Site {
  readonly folder: string;
  readonly program: RunningProgram;
  /** Writes the config and sends SIGHUP; resolves to what is said of it. */
  reload(config: string): Promise<string>;
  get(path: string): Promise<string>;
}

const LISTEN = '[[listen]]\naddress = "127.0.0.1:0"\n';
const QUIET = '[log]\naccess = "off"\n';
const served = (root: string): string =>
  `workers = 2\ndata = "var"\n${LISTEN}${QUIET}${site(root)}`;
const site = (root: string): string => `[[site]]\nroot = "${root}"\n`;

async function withServer(config: string, use: (site: Site) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    for (const name of ["a", "b"]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "which.txt"), name);
    }
    const file = join(folder, "portico.toml");
    await writeFile(file, config);
    const program = await startPortico({ args: ["serve", "-c", file] });
    const get = async (path: string): Promise<string> =>
      (await fetch(program.urls[0] + path, { headers: { connection: "close" } })).text();
    const reload = async (next: string): Promise<string> => {
      await writeFile(file, next);
      const before = program.stderr().length;
      process.kill(program.pid, "SIGHUP");
      return untilSaid(program, before);
    };
    try {
      await use({ folder, program, reload, get });
    } finally {
      assert.equal(await program.stop(), 0);
    }
  });
}

async function untilSaid(program: RunningProgram, from: number): Promise<string> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const said = program.stderr().slice(from);
    if (/ reloaded: .*\n| was not reloaded, .*\n/.test(said)) {
      await delay(20); // what else belongs to it
      return program.stderr().slice(from);
    }
    await delay(10);
  }
  throw new Error(`nothing was said of the reload:\n${program.stderr()}`);
}

test("SIGHUP: a site's root changes in place, and what changed is told", () =>
  withServer(served("a"), async ({ reload, get }) => {
    assert.equal(await get("/which.txt"), "a");
    assert.match(await reload(served("b")), /info reloaded: site 1, root: "a" -> "b"\n$/);
    assert.equal(await get("/which.txt"), "b");
    assert.match(await reload(served("b")), /info reloaded: nothing changed\n$/);
  }));

test("routes, limits and the log's level change, too", () =>
  withServer(served("a"), async ({ reload, program }) => {
    const route = '[[site.route]]\npath = "/new"\nrespond = { status = 418, body = "tea" }\n';
    const limits = '[limits]\ntargetBytes = "64 B"\n';
    const said = await reload(`${served("a")}${route}${limits}`);
    assert.match(said, /limits\.targetBytes: "8 KiB" -> "64 B"; site 1, route 1: added/);
    assert.equal((await fetch(`${program.urls[0]}/new`)).status, 418);
    assert.equal((await fetch(`${program.urls[0]}/${"x".repeat(100)}`)).status, 414);
  }));

for (const [name, next] of [
  ["an unknown key", `bogus = 1\n${served("b")}`],
  ["broken TOML", "[[["],
  ["a folder that does not exist", served("nowhere")],
  ["an address that is taken by nobody here", served("b").replace("127.0.0.1:0", "192.0.2.1:80")],
  ["a log that can't be opened", served("b").replace('"off"', '"a/which.txt/log"')],
] as const) {
  test(`a config that does not hold leaves the old one, and says why: ${name}`, () =>
    withServer(served("a"), async ({ reload, get, program }) => {
      const urls = [...program.urls];
      assert.match(
        await reload(next),
        /error the config was not reloaded, what it said goes on: ./,
      );
      for (let tries = 0; tries < 6; tries += 1) assert.equal(await get("/which.txt"), "a");
      assert.match(await reload(served("b")), / info reloaded: .*root/);
      assert.equal(await get("/which.txt"), "b");
      assert.deepEqual(program.urls, urls);
    }));
}

test("what needs a restart is named, and the rest takes effect", () =>
  withServer(served("a"), async ({ reload, get }) => {
    const next = served("b").replace("workers = 2", "workers = 3").replace('"var"', '"other"');
    const said = await reload(next);
    assert.match(said, /warn not reloaded: workers: 2 -> 3 \(needs a restart\)/);
    assert.match(said, /warn not reloaded: data: "var" -> "other" \(needs a restart\)/);
    assert.equal(await get("/which.txt"), "b");
  }));

test("a new address is opened before the old one is closed, which finishes what it began", () =>
  withServer(served("a"), async ({ reload, program, folder }) => {
    await writeFile(join(folder, "a", "big.bin"), "");
    await truncate(join(folder, "a", "big.bin"), 32 * 1024 * 1024);
    const download = await RawConnection.open(program.port);
    await download.send("GET /big.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    await download.until("\r\n\r\n");
    const socket = join(folder, "new.sock");
    const said = await reload(served("b").replace("127.0.0.1:0", `unix:${socket}`));
    assert.match(said, /info now listening on unix:.*new\.sock\n/);
    await assert.rejects(RawConnection.open(program.port));
    assert.match(await askUnix(socket), /^HTTP\/1\.1 200 [^]*\r\n\r\nb$/);
    const answer = await download.untilEnd();
    assert.equal(answer.length - answer.indexOf("\r\n\r\n") - 4, 32 * 1024 * 1024);
    await reload(served("b"));
    assert.equal(existsSync(socket), false);
  }));

async function askUnix(path: string): Promise<string> {
  const client = connect(path).setEncoding("latin1");
  client.end("GET /which.txt HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n");
  let text = "";
  client.on("data", (piece: string) => (text += piece));
  await once(client, "close");
  return text;
}

test("a log that was renamed is opened anew, and another path is taken up", () =>
  withServer(served("a").replace('"off"', '"access.log"'), async ({ folder, reload, get }) => {
    const log = (name: string): string => join(folder, name);
    const config = served("a").replace('"off"', '"access.log"');
    await get("/first");
    await untilLogged(log("access.log"), "/first");
    await rename(log("access.log"), log("access.log.1"));
    await reload(config);
    await get("/second");
    await untilLogged(log("access.log"), "/second");
    assert.doesNotMatch(await readFile(log("access.log.1"), "utf8"), /second/);
    await reload(config.replace("access.log", "deeper/other.log"));
    await get("/third");
    await untilLogged(log("deeper/other.log"), "/third");
    assert.doesNotMatch(await readFile(log("access.log"), "utf8"), /third/);
  }));

async function untilLogged(file: string, text: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (existsSync(file) && (await readFile(file, "utf8")).includes(text)) return;
    await delay(10);
  }
  throw new Error(`${text} is not in ${file}`);
}

test("reloads under load: no request fails, and a transfer goes on", () =>
  withServer(served("a"), async ({ folder, program, reload }) => {
    const bytes = Buffer.alloc(24 * 1024 * 1024, "portico ");
    await writeFile(join(folder, "a", "big.bin"), bytes);
    const digest = (of: Uint8Array): string => createHash("sha256").update(of).digest("hex");
    let stop = false;
    const seen = new Map<string, number>();
    const ask = async (headers: Record<string, string>): Promise<void> => {
      while (!stop) {
        const answer = await fetch(`${program.urls[0]}/which.txt`, { headers });
        const line = `${answer.status} ${await answer.text()}`;
        seen.set(line, (seen.get(line) ?? 0) + 1);
      }
    };
    const load = [ask({}), ask({}), ask({ connection: "close" }), ask({ connection: "close" })];
    const download = await fetch(`${program.urls[0]}/big.bin`);
    for (let times = 0; times < 20; times += 1) await reload(served(times % 2 === 0 ? "b" : "a"));
    const body = new Uint8Array(await download.arrayBuffer());
    stop = true;
    await Promise.all(load);
    assert.equal(digest(body), digest(bytes));
    assert.deepEqual([...seen.keys()].toSorted(), ["200 a", "200 b"]);
    assert.deepEqual(program.complaints(), []);
  }));

test("an address is swapped for a wider one of the same port, and back", () =>
  withServer(served("a"), async ({ program, reload, get }) => {
    const at = (address: string): string =>
      served("b").replace("127.0.0.1:0", `${address}:${program.port}`);
    for (const address of ["0.0.0.0", "127.0.0.1", "[::]"]) {
      assert.match(await reload(at(address)), / info reloaded: listen 1, address: /);
      assert.equal(await get("/which.txt"), "b");
    }
  }));

test("many signals at once, and a config that is a pipe, hold up nothing", () =>
  withServer(served("a"), async ({ folder, program, reload, get }) => {
    const file = join(folder, "portico.toml");
    await rm(file);
    execFileSync("mkfifo", [file]);
    const before = program.stderr().length;
    for (let times = 0; times < 20; times += 1) process.kill(program.pid, "SIGHUP");
    assert.match(await untilSaid(program, before), /is no file that can be read again/);
    assert.equal(await get("/which.txt"), "a");
    await rm(file);
    assert.match(await reload(served("b")), / info reloaded: /);
    assert.equal(await get("/which.txt"), "b");
  }));

test("what lies in the data folder is served to nobody, by no name", () =>
  withServer(
    served(".").replace('"var"', '"public/state"'),
    async ({ folder, program, reload }) => {
      await mkdir(join(folder, "links"));
      await symlink("../public/state", join(folder, "links", "state"));
      for (const links of [false, true]) {
        for (const path of ["/public/state/portico.pid", "/links/state/portico.pid"]) {
          const { status } = await fetch(program.urls[0] + path);
          assert.equal(status, 404, path);
        }
        assert.equal((await fetch(`${program.urls[0]}/public/state/`)).status, 404);
        if (links) break;
        const route = `static = { root = ".", list = true, followLinks = true }`;
        const listed = `[[site]]\n[[site.route]]\npath = "/*"\n${route}\n`;
        await reload(served(".").replace('"var"', '"public/state"').replace(site("."), listed));
      }
      assert.equal((await fetch(`${program.urls[0]}/a/which.txt`)).status, 200);
    },
  ));
