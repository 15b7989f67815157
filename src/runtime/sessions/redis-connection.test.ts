import assert from "node:assert/strict";
import { test } from "node:test";
import { LogNotes, noRedis, until, withRedis, type RedisServer } from "../../testing/index.ts";
import { RedisConnection } from "./redis-connection.ts";
import { LOAD } from "./redis-scripts.ts";

const UNAVAILABLE = { name: "SessionsUnavailable" };

async function withConnection(
  use: (redis: RedisConnection, server: RedisServer, log: LogNotes) => Promise<void>,
  answerMs?: number,
): Promise<void> {
  await withRedis(async (server) => {
    const log = new LogNotes();
    const options = answerMs === undefined ? {} : { answerMs };
    const redis = new RedisConnection(server.url, log, options);
    try {
      await use(redis, server, log);
    } finally {
      redis.close();
    }
  });
}

const isUp = (redis: RedisConnection): Promise<boolean> =>
  redis.send("PING").then(
    () => true,
    () => false,
  );

test(
  "a Redis that is down fails what is asked at once, and is come back to",
  { skip: noRedis },
  () =>
    withConnection(async (redis, server, log) => {
      assert.equal(await redis.send("SET", "a", "1"), "OK");
      await server.stop();
      await until(async () => !(await isUp(redis)));
      for (let asked = 0; asked < 100; asked += 1)
        await assert.rejects(redis.send("PING"), UNAVAILABLE);
      assert.equal(log.warnings.length, 1);
      assert.match(log.warnings[0]!, /Redis can't be reached: \S/);
      await server.start();
      await until(() => isUp(redis));
      assert.equal(await redis.send("GET", "a"), "1");
    }),
);

test("one that was down from the start is waited for", { skip: noRedis }, () =>
  withConnection(async (redis, server) => {
    await server.stop();
    await assert.rejects(redis.send("PING"), UNAVAILABLE);
    await server.start();
    await until(() => isUp(redis));
  }),
);

test("what was asked when it went down is answered that it failed", { skip: noRedis }, () =>
  withConnection(async (redis, server) => {
    await redis.send("PING");
    server.isDeaf = true;
    const asked = redis.send("PING");
    const failed = assert.rejects(asked, UNAVAILABLE);
    await server.stop();
    await failed;
  }),
);

test("one that answers nothing is waited for no longer than the bound", { skip: noRedis }, () =>
  withConnection(async (redis, server) => {
    await until(() => isUp(redis)); // a machine may be slower than the bound
    server.isDeaf = true;
    await assert.rejects(redis.send("PING"), { ...UNAVAILABLE, message: /no answer within 0.1 s/ });
    // Its connection stays silent for good; another does not.
    server.isDeaf = false;
    await until(() => isUp(redis));
  }, 100),
);

test("one that lets in and answers nothing is, too", { skip: noRedis }, () =>
  withConnection(async (redis, server) => {
    server.isDeaf = true;
    await assert.rejects(redis.send("PING"), UNAVAILABLE);
  }, 100),
);

test("a script that Redis has forgotten is sent anew", { skip: noRedis }, () =>
  withConnection(async (redis) => {
    const args = ["1000", "1000", "10", "digest"];
    assert.equal(await redis.run(LOAD, args), null);
    await redis.send("SCRIPT", "FLUSH");
    assert.equal(await redis.run(LOAD, args), null);
  }),
);

test("what Redis refuses is told as it says it", { skip: noRedis }, () =>
  withConnection(async (redis) => {
    await redis.send("SET", "portico:session:digest", "no hash");
    const wrong = redis.run(LOAD, ["1000", "1000", "10", "digest"]);
    await assert.rejects(wrong, { ...UNAVAILABLE, message: /Redis: .*WRONGTYPE/ });
  }),
);

test(
  "the database of the URL is asked, and a password that is wrong is told",
  { skip: noRedis },
  () =>
    withConnection(async (redis, server, log) => {
      const other = new RedisConnection(`${server.url}/3`, log);
      await other.send("SET", "a", "3");
      assert.equal(await redis.send("GET", "a"), null);
      other.close();
      await redis.send("CONFIG", "SET", "requirepass", "right");
      const withPassword = (password: string): string =>
        server.url.replace("//", `//:${password}@`);
      const right = new RedisConnection(withPassword("right"), log);
      assert.equal(await right.send("PING"), "PONG");
      right.close();
      const wrong = new RedisConnection(withPassword("wrong"), log);
      await assert.rejects(wrong.send("PING"), { ...UNAVAILABLE, message: /WRONGPASS/ });
      wrong.close();
      assert.ok(!log.warnings.join().includes("wrong@"));
    }),
);
