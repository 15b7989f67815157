import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Programs } from "../runtime/index.ts";
import { isAlive, ProgramBench, withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";
import { countedBy } from "./shared-state.ts";
import { StartError } from "./start-error.ts";
import { Supervisor } from "./supervisor.ts";

const MORTAL = new URL("../testing/mortal-worker.ts", import.meta.url);
const ROUTE = '[[site]]\n[[site.route]]\npath = "/*"\nrespond = { body = "hello" }\n';
const TWO = 'workers = 2\n[[listen]]\naddress = "127.0.0.1:0"\n';
const QUIET = '[log]\naccess = "off"\nlevel = "error"\n';
const NOTHING_OVER = { addresses: null, accessLog: null, workers: null };

function configOf(toml: string, folder: string) {
  const loaded = loadServerConfig(toml, join(folder, "portico.toml"));
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
  return loaded;
}

async function withSupervisor(
  toml: string,
  use: (supervisor: Supervisor, folder: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const supervisor = new Supervisor(configOf(toml, folder), NOTHING_OVER, { entry: MORTAL });
    try {
      await supervisor.start();
      await use(supervisor, folder);
    } finally {
      await supervisor.stopNow();
    }
  });
}

/** Connections that have each been answered once, until both workers have some. */
async function spread(to: { port: number } | { path: string }): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let count = 0; count < 32; count += 1) {
    const socket = "port" in to ? connect(to.port, "127.0.0.1") : connect(to.path);
    socket.on("error", () => undefined);
    await ask(socket);
    sockets.push(socket);
  }
  return sockets;
}

async function ask(socket: Socket): Promise<string> {
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString("latin1");
}

function portOf(supervisor: Supervisor): number {
  return Number(new URL(supervisor.urls[0]!).port);
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 4000; tries += 1) {
    if (what()) return;
    await delay(5);
  }
  throw new Error("it never came");
}

function die(supervisor: Supervisor, index: number): void {
  Atomics.store(supervisor.shared.generation, 0, -1 - index);
}

for (const place of ["127.0.0.1:0", "unix:portico.sock"]) {
  const config = `workers = 2\n[[listen]]\naddress = "${place}"\n${QUIET}${ROUTE}`;

  test(`${place}: a worker that dies loses its connections, and no others`, () =>
    withSupervisor(config, async (supervisor, folder) => {
      const to = place.startsWith("unix")
        ? { path: join(folder, "portico.sock") }
        : { port: portOf(supervisor) };
      const sockets = await spread(to);
      await supervisor.count();
      const before = [0, 1].map((index) => countedBy(supervisor.shared, index));
      assert.equal(before[0]!.connections + before[1]!.connections, sockets.length);
      assert.ok(
        before.every(({ requests }) => requests > 0),
        "both workers answer",
      );
      die(supervisor, 0);
      await until(() => supervisor.working.some(({ restarts }) => restarts === 1));
      await until(() => sockets.filter(({ closed }) => closed).length === before[0]!.connections);
      const alive = sockets.filter(({ closed }) => !closed);
      for (const socket of alive) assert.match(await ask(socket), /^HTTP\/1\.1 200/);
      const more = await spread(to);
      await supervisor.count();
      // The successor goes on where the dead one was, and has connections of its own.
      assert.ok(countedBy(supervisor.shared, 0).requests > 0);
      const { connections } = countedBy(supervisor.shared, 1);
      const total = countedBy(supervisor.shared, 0).connections + connections;
      assert.equal(total, alive.length + more.length);
      for (const socket of [...sockets, ...more]) socket.destroy();
    }));
}

test("a successor serves what was reloaded, and by its limits", () =>
  withSupervisor(
    `workers = 2\n[[listen]]\naddress = "127.0.0.1:0"\n${QUIET}${ROUTE}`,
    async (supervisor, folder) => {
      const listen = '[[listen]]\naddress = "127.0.0.1:0"\n';
      const next = `workers = 2\n${listen}${QUIET}${ROUTE.replace("hello", "other")}`;
      await supervisor.reload(configOf(next, folder));
      for (const index of [0, 1]) {
        die(supervisor, index);
        await until(() =>
          supervisor.working.some((worker) => worker.index === index && worker.restarts === 1),
        );
      }
      for (let times = 0; times < 16; times += 1) {
        const answer = await fetch(supervisor.urls[0]!, { headers: { connection: "close" } });
        assert.equal(await answer.text(), "other");
      }
    },
  ));

test("connectionsPerAddress holds over all workers, and a dead one's are given back", () =>
  withSupervisor(
    `${TWO}[limits]\nconnectionsPerAddress = 4\n${QUIET}${ROUTE}`,
    async (supervisor) => {
      const open: Socket[] = [];
      const answers: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        const socket = connect(portOf(supervisor), "127.0.0.1");
        socket.on("error", () => undefined);
        answers.push((await ask(socket)).slice(9, 12));
        open.push(socket);
      }
      assert.equal(answers.filter((status) => status === "200").length, 4);
      assert.equal(answers.filter((status) => status === "503").length, 8);
      for (const index of [0, 1]) {
        die(supervisor, index);
        await until(() => supervisor.working.filter(({ restarts }) => restarts > 0).length > index);
      }
      const again = connect(portOf(supervisor), "127.0.0.1");
      assert.match(await ask(again), /^HTTP\/1\.1 200/);
      again.destroy();
      for (const socket of open) socket.destroy();
    },
  ));

test("an address that somebody has is told, and nothing stays open", async () => {
  await withTemporaryFolder(async (folder) => {
    const free = `workers = 2\n[[listen]]\naddress = "unix:a.sock"\n`;
    const first = new Supervisor(configOf(`${free}${QUIET}`, folder), NOTHING_OVER);
    await first.start();
    const other = free.replace("a.sock", "b.sock");
    const taken = `${other}[[listen]]\naddress = "unix:a.sock"\n${QUIET}`;
    const second = new Supervisor(configOf(taken, folder), NOTHING_OVER);
    await assert.rejects(second.start(), (error) => {
      return error instanceof StartError && /a\.sock: taken/.test(error.message);
    });
    await second.stopNow();
    assert.equal(existsSync(join(folder, "b.sock")), false);
    assert.equal(existsSync(join(folder, "a.sock")), true);
    await first.stop();
    assert.equal(existsSync(join(folder, "a.sock")), false);
  });
});

test("a log that can't be opened at the start is told", async () => {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "file"), "");
    const config = '[[listen]]\naddress = "127.0.0.1:0"\n[log]\naccess = "file/log"\n';
    const supervisor = new Supervisor(configOf(config, folder), NOTHING_OVER);
    await assert.rejects(supervisor.start(), /file\/log can't be opened/);
    await supervisor.stopNow();
  });
});

for (const how of ["stop", "stopNow"] as const) {
  test(`${how} ends with a worker that is stuck`, { timeout: 20_000 }, async () => {
    await withTemporaryFolder(async (folder) => {
      const config = `${TWO}[timeouts]\nshutdown = "100ms"\n${QUIET}${ROUTE}`;
      const supervisor = new Supervisor(configOf(config, folder), NOTHING_OVER, { entry: MORTAL });
      await supervisor.start();
      Atomics.store(supervisor.shared.generation, 0, -1001);
      await delay(100);
      await supervisor[how]();
    });
  });
}

for (const how of ["death", "stop", "stopNow"] as const) {
  test(`a program that a worker left running is ended: ${how}`, { timeout: 20_000 }, () =>
    withSupervisor(`${TWO}${QUIET}${ROUTE}`, async (supervisor, folder) => {
      // As worker 0 would run it; this thread looks after it no more.
      const bench = new ProgramBench(folder, new Programs(supervisor.shared.programs, 0));
      const script = await bench.script("trap '' TERM; echo up; while :; do sleep 1000; done");
      const notes = await bench.start(script);
      await notes.until(({ output }) => output === "up\n");
      if (how === "death") die(supervisor, 0);
      else await supervisor[how]();
      await until(() => !isAlive(notes.program.pid));
      if (how === "death") {
        await until(() => supervisor.working.some(({ restarts }) => restarts === 1));
      }
      assert.ok(supervisor.shared.programs.every((place) => place === 0));
    }),
  );
}
