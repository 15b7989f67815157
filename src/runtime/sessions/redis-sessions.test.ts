import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  changesTo,
  noRedis,
  SessionBench,
  until,
  withRedis,
  type RedisServer,
} from "../../testing/index.ts";
import { RedisConnection } from "./redis-connection.ts";
import type { SessionSettings } from "./settings.ts";

async function withSessions(
  settings: Partial<SessionSettings>,
  use: (bench: SessionBench, redis: RedisConnection, server: RedisServer) => Promise<void>,
): Promise<void> {
  await withRedis(async (server) => {
    const bench = new SessionBench({ settings: { ...settings, store: server.url } });
    const redis = new RedisConnection(server.url, bench.log);
    try {
      await use(bench, redis, server);
    } finally {
      bench.close();
      redis.close();
    }
  });
}

const keysIn = async (redis: RedisConnection): Promise<string[]> =>
  ((await redis.send("KEYS", "*")) as string[]).toSorted();

test("Redis: one that is not used goes by itself, and leaves nothing", { skip: noRedis }, () =>
  withSessions({ idleMs: 200 }, async ({ one, two, main }, redis) => {
    await one.create("a", changesTo({ n: 1 }, "ann"));
    await one.create("b", changesTo({}));
    await until(async () => (await main.list(null)).total === 0);
    assert.equal(await two.load("a"), null);
    assert.equal(await two.save("a", changesTo({ n: 2 })), "gone");
    await until(async () => (await keysIn(redis)).length === 0);
  }),
);

test("Redis: to look at it keeps it, up to its age", { skip: noRedis }, () =>
  withSessions({ idleMs: 60_000, absoluteMs: 700 }, async ({ one, two }, redis) => {
    await one.create("a", changesTo({}));
    const [key] = (await keysIn(redis)).filter((name) => name.startsWith("portico:session:"));
    assert.ok(Number(await redis.send("PTTL", key!)) <= 700);
    await until(async () => (await two.load("a")) === null);
  }),
);

test("Redis: a use is noted, and gives it its whole time again", { skip: noRedis }, () =>
  withSessions({ idleMs: 100_000 }, async ({ one, two, main }, redis) => {
    await one.create("a", changesTo({}, "ann"));
    const [key] = (await keysIn(redis)).filter((name) => name.startsWith("portico:session:"));
    for (const name of [key!, "portico:user:ann"]) await redis.send("PEXPIRE", name, "9000");
    await redis.send("HINCRBY", key!, "usedMs", "-91000");
    const { usedMs } = (await main.list("ann")).sessions[0]!;
    assert.notEqual(await two.load("a"), null);
    assert.ok((await main.list("ann")).sessions[0]!.usedMs > usedMs);
    for (const name of [key!, "portico:user:ann"]) {
      assert.ok(Number(await redis.send("PTTL", name)) > 90_000);
    }
  }),
);

test("Redis: one that was made in the future is as old as from now", { skip: noRedis }, () =>
  withSessions({}, async ({ one, two, main }, redis) => {
    await one.create("a", changesTo({}));
    const [key] = (await keysIn(redis)).filter((name) => name.startsWith("portico:session:"));
    for (const field of ["usedMs", "createdMs"]) {
      await redis.send("HINCRBY", key!, field, "9000000000");
    }
    assert.notEqual(await two.load("a"), null);
    const { createdMs, usedMs } = (await main.list(null)).sessions[0]!;
    assert.equal(createdMs, usedMs);
    assert.ok(createdMs < Date.now() + 60_000);
  }),
);

test("Redis: it has no ids, and of those that ended nothing", { skip: noRedis }, () =>
  withSessions({}, async ({ one, main }, redis) => {
    const id = "a-secret-that-nobody-may-find";
    await one.create(id, changesTo({ n: 1 }));
    await one.rename(id, `${id}-2`, changesTo({}, "ann"));
    const keys = await keysIn(redis);
    assert.equal(keys.length, 2);
    assert.ok(!keys.join().includes(id));
    await one.end(`${id}-2`);
    await one.create("b", changesTo({}, "ann"));
    await one.create("c", changesTo({}));
    assert.equal(await main.end({ all: true }), 2);
    assert.deepEqual(await keysIn(redis), []);
  }),
);

test("Redis: what it kept is there after it was started again", { skip: noRedis }, () =>
  withSessions({}, async ({ one, two }, _, server) => {
    await one.create("a", changesTo({ n: 1 }, "ann"));
    await server.stop();
    await assert.rejects(async () => one.load("a"), { name: "SessionsUnavailable" });
    await assert.rejects(two.create("b", changesTo({})), { name: "SessionsUnavailable" });
    await server.start();
    const load = async () => {
      try {
        return await two.load("a");
      } catch {
        await delay(5);
        return null;
      }
    };
    await until(async () => (await load())?.user === "ann");
  }),
);
