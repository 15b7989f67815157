import assert from "node:assert/strict";
import { test } from "node:test";
import { noRedis, until, withRedis, withTemporaryFolder } from "../../src/testing/index.ts";
import { StoresSite } from "./stores-site.ts";

async function withSite(session: string, use: (site: StoresSite) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const site = new StoresSite(folder);
    await site.start(session);
    try {
      await use(site);
    } finally {
      await site.stop();
    }
  });
}

const WAYS = [
  { name: "SQLite", skip: false, run: (use: (store: string) => Promise<void>) => use("sqlite") },
  { name: "memory", skip: false, run: (use: (store: string) => Promise<void>) => use("memory") },
  {
    name: "Redis",
    skip: noRedis,
    run: (use: (store: string) => Promise<void>) => withRedis(({ url }) => use(url)),
  },
] as const;

for (const { name, skip, run } of WAYS) {
  test(`${name}: both workers see one session, and lose nothing of it`, { skip }, () =>
    run((store) =>
      withSite(`store = "${store}"`, async (site) => {
        const { cookie } = await site.ask("set=first");
        const keys = Array.from({ length: 40 }, (_, at) => `k${at}`);
        const answers = await Promise.all(keys.map((key) => site.ask(`set=${key}`, cookie)));
        assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
        const told = await site.askBoth(cookie);
        assert.equal(told.length, 2);
        for (const one of told) {
          assert.deepEqual(one.keys.toSorted(), ["first", ...keys].toSorted());
        }
      }),
    ),
  );

  test(`${name}: who is ended from outside is a stranger to both workers`, { skip }, () =>
    run((store) =>
      withSite(`store = "${store}"`, async (site) => {
        const [ann, bob] = [await site.ask("user=ann&set=a"), await site.ask("user=bob")];
        const list = await site.command("list", "--user", "ann", "--json");
        const { total, sessions } = JSON.parse(list.out) as {
          total: number;
          sessions: { user: string; digest: string }[];
        };
        assert.deepEqual([list.code, total, sessions[0]!.user], [0, 1, "ann"]);
        const ended = await site.command("end", "--user", "ann");
        assert.deepEqual([ended.code, ended.out], [0, "ended 1 session\n"]);
        for (const { user, keys } of await site.askBoth(ann.cookie)) {
          assert.deepEqual([user, keys], [null, []]);
        }
        for (const { user } of await site.askBoth(bob.cookie)) assert.equal(user, "bob");
        assert.equal((await site.command("end", "--id", sessions[0]!.digest)).code, 1);
      }),
    ),
  );
}

test("SQLite: sessions outlive a restart, and a kill", () =>
  withSite("", async (site) => {
    const { cookie } = await site.ask("user=ann&set=a");
    await site.stop();
    await site.start("");
    assert.equal((await site.ask("set=b", cookie)).told.user, "ann");
    await site.kill();
    await site.start("");
    for (const { user, keys } of await site.askBoth(cookie)) {
      assert.deepEqual([user, keys.toSorted()], ["ann", ["a", "b"]]);
    }
  }));

test("Redis: while it is down requests that ask for a session are 503", { skip: noRedis }, () =>
  withRedis((redis) =>
    withSite(`store = "${redis.url}"`, async (site) => {
      const { cookie } = await site.ask("user=ann");
      await redis.stop();
      assert.equal((await site.ask("", cookie)).status, 503);
      assert.equal((await site.ask("set=a")).status, 503);
      const list = await site.command("list");
      assert.deepEqual([list.code, list.out], [1, ""]);
      assert.match(list.err, /sessions can't be asked for: Redis: /);
      await redis.start();
      await until(async () => (await site.ask("", cookie)).told.user === "ann");
    }),
  ),
);
