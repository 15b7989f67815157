import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { RawConnection, withTemporaryFolder } from "../testing/index.ts";
import { ListenError } from "./address.ts";
import { listen } from "./listener.ts";
import { lendUnix, openSharedUnix, type SharedUnix } from "./shared-unix.ts";
import { ways } from "./ways.ts";

const INDEX = new URL("index.ts", import.meta.url).href;

/** A thread that accepts on the descriptor it is sent, and answers with its name. */
const ACCEPTING = `
  import { parentPort, workerData } from "node:worker_threads";
  const { listen } = await import(workerData.index);
  let listener;
  parentPort.on("message", async (message) => {
    if (message === "close") await listener.close();
    else listener = await listen({ kind: "unix", path: workerData.path },
      (socket) => socket.refuse(Buffer.from(workerData.name)), { descriptor: message });
    parentPort.postMessage("done");
  });
`;

async function accepting(name: string, path: string, shared: SharedUnix): Promise<Worker> {
  const code = new URL(`data:text/javascript,${encodeURIComponent(ACCEPTING)}`);
  const worker = new Worker(code, { workerData: { index: INDEX, path, name } });
  worker.postMessage(shared.duplicate());
  await once(worker, "message");
  return worker;
}

/** Who answers at `path`, in so many connections at once. */
async function answers(path: string, connections = 60): Promise<Set<string>> {
  const clients = Array.from({ length: connections }, async () => {
    const client = await RawConnection.open(path);
    const answer = await client.untilEnd();
    client.close();
    return answer;
  });
  return new Set(await Promise.all(clients));
}

async function open(path: string): Promise<SharedUnix> {
  const shared = await openSharedUnix({ kind: "unix", path });
  assert.ok(shared !== null);
  return shared;
}

async function refused(path: string): Promise<ListenError> {
  try {
    (await open(path)).close({ unlink: true });
  } catch (error) {
    if (error instanceof ListenError) return error;
    throw error;
  }
  return assert.fail(`${path} was listened on`);
}

const sockets = (): number =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;

test("two threads accept on one unix socket, and one goes on when the other dies", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const shared = await open(path);
    assert.equal(lstatSync(path).mode & 0o777, 0o660);
    assert.deepEqual(readdirSync(folder), ["p.sock"]);
    const one = await accepting("one", path, shared);
    assert.deepEqual(await answers(path), new Set(["one"]));
    const other = await accepting("other", path, shared);
    one.postMessage("close");
    await once(one, "message");
    assert.deepEqual(await answers(path), new Set(["other"]));
    one.postMessage(shared.duplicate());
    await once(one, "message");
    await other.terminate();
    assert.equal(existsSync(path), true);
    assert.deepEqual(await answers(path), new Set(["one"]));
    await one.terminate();
    shared.close({ unlink: true });
    assert.deepEqual(readdirSync(folder), []);
    await assert.rejects(RawConnection.open(path));
  }));

test("connections wait while nobody accepts", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const shared = await open(path);
    const early = await RawConnection.open(path);
    for (let round = 0; round < 20; round += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(early.ended, false);
    const worker = await accepting("at last", path, shared);
    assert.equal(await early.untilEnd(), "at last");
    early.close();
    await worker.terminate();
    shared.close({ unlink: false });
    assert.equal(existsSync(path), true);
  }));

test("a listener on a descriptor closes no more than that", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const before = sockets();
    const shared = await open(path);
    const address = { kind: "unix", path } as const;
    for (let round = 0; round < 5; round += 1) {
      const descriptor = shared.duplicate();
      const listener = await listen(address, (socket) => socket.refuse(Buffer.from("hello")), {
        descriptor,
      });
      assert.deepEqual(await answers(path, 1), new Set(["hello"]));
      await listener.close();
      assert.equal(existsSync(path), true);
    }
    shared.close({ unlink: true });
    while (sockets() > before) await new Promise((resolve) => setImmediate(resolve));
  }));

test("a folder's name may be longer than a socket's address", () =>
  withTemporaryFolder(async (folder) => {
    const deep = join(folder, "d".repeat(100), "e".repeat(100));
    mkdirSync(deep, { recursive: true });
    const shared = await open(join(deep, "p.sock"));
    assert.match((await refused(join(deep, "p.sock"))).message, /taken/);
    assert.deepEqual(readdirSync(deep), ["p.sock"]);
    shared.close({ unlink: true });
  }));

test("a socket that a killed server left is taken over by threads, too", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const ending = `() => process.kill(process.pid, "SIGKILL")`;
    const code = `require("net").createServer().listen(${JSON.stringify(path)}, ${ending})`;
    spawnSync(process.execPath, ["-e", code]);
    (await open(path)).close({ unlink: true });
  }));

test("a socket that somebody answers on is not shared", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const other = await listen({ kind: "unix", path }, (socket) => socket.destroy());
    assert.equal((await refused(path)).code, "EADDRINUSE");
    assert.deepEqual(readdirSync(folder), ["p.sock"]);
    await other.close();
  }));

test("of two that open one path at once, one is told that it is taken", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const opened = await Promise.allSettled([open(path), open(path), open(path)]);
    const won = opened.filter((one) => one.status === "fulfilled");
    assert.equal(won.length, 1);
    for (const one of opened) {
      if (one.status === "rejected") assert.match(String(one.reason), /taken/);
    }
    assert.deepEqual(readdirSync(folder), ["p.sock"]);
    won[0]!.value.close({ unlink: true });
  }));

test("a file that is no socket, and a folder that is missing, are told in words", () =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "notes.txt"), "mine");
    assert.match((await refused(join(folder, "notes.txt"))).message, /not a socket/);
    assert.match((await refused(join(folder, "none/p.sock"))).message, /folder/);
    assert.match((await refused(join(folder, "n".repeat(120)))).message, /107 bytes/);
  }));

test("without the C library nothing is shared", async () => {
  ways.native = false;
  try {
    assert.equal(await openSharedUnix({ kind: "unix", path: "/nowhere/p.sock" }), null);
  } finally {
    ways.native = true;
  }
});

test("what listens may be lent to another process, without the C library too", () =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, "p.sock");
    const code = `require("net").createServer((one) => one.end("other")).listen({ fd: 0 })`;
    const before = sockets();
    ways.native = false;
    const child = await lendUnix({ kind: "unix", path }, (fd) =>
      spawn(process.execPath, ["-e", code], { stdio: [fd, "inherit", "inherit"] }),
    );
    ways.native = true;
    assert.deepEqual(readdirSync(folder), ["p.sock"]);
    assert.deepEqual(await answers(path, 5), new Set(["other"]));
    assert.equal(sockets(), before);
    child.kill();
    await once(child, "exit");
    await assert.rejects(RawConnection.open(path));
  }));

test("where the taker throws nothing is left", () =>
  withTemporaryFolder(async (folder) => {
    const fails = (): never => {
      throw new Error("no such program");
    };
    const lent = lendUnix({ kind: "unix", path: join(folder, "p.sock") }, fails);
    await assert.rejects(lent, /no such program/);
    assert.deepEqual(readdirSync(folder), []);
  }));
