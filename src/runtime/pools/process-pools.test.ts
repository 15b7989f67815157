import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { afterEach, test } from "node:test";
import { until, withPools } from "../../testing/index.ts";
import { ways } from "../../transport/index.ts";
import type { ProcessPools } from "./process-pools.ts";
import { poolKey, poolSocket, type PoolSpec } from "./spec.ts";

async function run(pools: ProcessPools, ...specs: PoolSpec[]): Promise<void> {
  await pools.prepare(specs);
  pools.adopt();
}

function isAlive(pid: number | string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

function isReachable(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

afterEach(() => {
  ways.native = true;
});

for (const way of ["with a descriptor that the server holds", "with a socket a start"]) {
  const plain = way !== "with a descriptor that the server holds";

  test(`each process has a socket of its own, ${way}`, () =>
    withPools(async ({ pools, spec, ask, folder }) => {
      ways.native = !plain;
      const both = spec();
      await run(pools, both);
      const pids = [await ask(both, "pid", 0), await ask(both, "pid", 1)];
      assert.deepEqual(new Set(pids.map(Number)), new Set(pools.pids));
      assert.equal(new Set(pids).size, 2);
      assert.equal(statSync(folder).mode & 0o777, 0o700);
      await pools.stop(1000);
      assert.equal(existsSync(folder), false);
      assert.deepEqual(pids.map(isAlive), [false, false]);
    }));

  test(`one that dies is started again, ${way}`, () =>
    withPools(async ({ pools, spec, ask, log, folder }) => {
      ways.native = !plain;
      const one = spec({ workers: 1 });
      await run(pools, one);
      const before = await ask(one);
      await ask(one, "die");
      await until(() => log.errors.length > 0);
      await until(() => isReachable(poolSocket(folder, one, 0)));
      const after = await ask(one);
      assert.notEqual(after, before);
      assert.match(log.errors[0]!, /^answering 1 ended with 3 and is started again: /);
    }));
}

test("who comes while one that crashed is started again waits for it", () =>
  withPools(async ({ pools, spec, ask, log }) => {
    const one = spec({ workers: 1 });
    await run(pools, one);
    const seen = new Set([await ask(one)]);
    for (let count = 1; count <= 4; count += 1) {
      assert.equal(await ask(one, "crash"), "");
      seen.add(await ask(one));
      assert.equal(log.errors.length, count);
    }
    assert.equal(seen.size, 5);
    assert.ok(!seen.has(""));
    assert.match(
      log.errors[3]!,
      /^answering 1 was ended by SIGKILL and is started again in 0\.4 s/,
    );
  }));

test("one that hangs is replaced when that is told", () =>
  withPools(async ({ pools, spec, ask, log }) => {
    const one = spec({ workers: 1 });
    await run(pools, one);
    const before = await ask(one);
    const hanging = ask(one, "hang");
    const waiting = ask(one); // behind it
    pools.receive({ pool: poolKey(one), index: 0 });
    assert.equal(await hanging, "");
    const after = await waiting.then((pid) => pid || ask(one));
    assert.notEqual(after, before);
    assert.equal(isAlive(before), false);
    assert.deepEqual(log.errors, []);
    assert.ok(log.warnings.includes("answering 1 hangs and is ended"));
  }));

test("a note about a pool or a process that is not there is nothing", () =>
  withPools(async ({ pools, spec, ask }) => {
    const one = spec({ workers: 1 });
    await run(pools, one);
    const before = await ask(one);
    pools.receive({ pool: "unknown", index: 0 });
    pools.receive({ pool: poolKey(one), index: 1 });
    assert.equal(await ask(one), before);
  }));

test("what it writes to standard error is told line by line", () =>
  withPools(async ({ pools, spec, ask, log }) => {
    const one = spec({ workers: 1 });
    await run(pools, one);
    await ask(one);
    await pools.stop(1000);
    const lines = log.warnings.filter((line) => line.startsWith("answering 1: "));
    assert.deepEqual(lines, ["answering 1: listening", "answering 1: half a line"]);
  }));

test("its environment is what the route names, and nothing of the server's", () =>
  withPools(async ({ pools, spec, ask }) => {
    const one = spec({ workers: 1, env: { MODE: "own", PHP_FCGI_MAX_REQUESTS: "7" } });
    process.env["PORTICO_TEST_SECRET"] = "secret";
    await run(pools, one);
    delete process.env["PORTICO_TEST_SECRET"];
    const env = JSON.parse(await ask(one, "env")) as Record<string, string>;
    assert.deepEqual(Object.keys(env).toSorted(), [
      "LANG",
      "MODE",
      "PATH",
      "PHP_FCGI_MAX_REQUESTS",
    ]);
    assert.equal(env["PHP_FCGI_MAX_REQUESTS"], "7");
  }));

for (const { given, words } of [
  { given: { command: ["no-such-program"] as const }, words: /no program no-such-program/ },
  { given: { command: ["/etc/passwd"] as const }, words: /\/etc\/passwd may not be run/ },
  { given: { cwd: "/nowhere" }, words: /there is no folder \/nowhere/ },
]) {
  test(`a pool that can't be started says why: ${words.source}`, () =>
    withPools(async ({ pools, spec, ask }) => {
      const old = spec({ workers: 1 });
      await run(pools, old);
      const pid = await ask(old);
      await assert.rejects(
        pools.prepare([old, spec({ place: "1 /*", ...given })]),
        (error: Error) => words.test(error.message) && error.message.startsWith("answering: "),
      );
      assert.deepEqual(pools.pids, [Number(pid)]);
      assert.equal(await ask(old), pid);
    }));
}

test("a pool that says the same is kept, another takes the place of one that changed", () =>
  withPools(async ({ pools, spec, ask, folder }) => {
    const [kept, old] = [spec({ workers: 1 }), spec({ place: "1 /*", workers: 1 })];
    await run(pools, kept, old);
    const [pidOfKept, pidOfOld] = [await ask(kept), await ask(old)];
    const changed = { ...old, env: { NEW: "1" } };
    await run(pools, spec({ workers: 1 }), changed);
    assert.equal(await ask(kept), pidOfKept);
    assert.notEqual(await ask(changed), pidOfOld);
    assert.equal(await ask(old), pidOfOld); // requests under way still end there
    await run(pools, kept, old);
    assert.equal(await ask(old), pidOfOld);
    assert.equal(readdirSync(folder).length, 3);
  }));

test("what was prepared and is discarded is gone", () =>
  withPools(async ({ pools, spec }) => {
    await pools.prepare([spec()]);
    await pools.discard();
    assert.deepEqual(pools.pids, []);
    await run(pools);
    assert.deepEqual(pools.pids, []);
  }));

test("one that does not end when it is asked to is ended", () =>
  withPools(async ({ pools, spec, ask }) => {
    const one = spec({ workers: 1 });
    await run(pools, one);
    const pid = await ask(one, "stay");
    assert.equal(isAlive(pid), true);
    await pools.stop(20);
    assert.equal(isAlive(pid), false);
  }));

test("one that dies at each start is started later and later, and nobody waits for it", () =>
  withPools(async ({ pools, spec, log, folder }) => {
    const broken = spec({ workers: 1, command: [process.execPath, "-e", "process.exit(1)"] });
    await run(pools, broken);
    await until(() => log.errors.length >= 4);
    const delays = log.errors.map((line) => /ended with 1 .* again(.*?):/.exec(line)?.[1]);
    assert.deepEqual(delays.slice(0, 4), ["", " in 0.1 s", " in 0.2 s", " in 0.4 s"]);
    assert.equal(await isReachable(poolSocket(folder, broken, 0)), false);
  }));
