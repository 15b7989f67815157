import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import {
  changesTo,
  SessionBench,
  TurnedClock,
  turns,
  withTemporaryFolder,
  type SessionBenchOptions,
} from "../../testing/index.ts";
import type { SessionKeeper } from "./session-keeper.ts";

const FILE = "sessions.sqlite";

async function withBench(
  use: (bench: SessionBench, folder: string, clock: TurnedClock) => Promise<void>,
  settings: SessionBenchOptions["settings"] = {},
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const clock = new TurnedClock();
    const bench = new SessionBench({ folder, clock, settings });
    try {
      await use(bench, folder, clock);
    } finally {
      bench.close();
    }
  });
}

const sweep = (bench: SessionBench): Promise<void> => (bench.main as SessionKeeper).sweep();

test("without a session there is no file, and none is looked for again and again", () =>
  withBench(async ({ one, main, log }, folder) => {
    assert.equal(await one.load("a"), null);
    assert.deepEqual(await main.list(null), { total: 0, sessions: [] });
    assert.equal(await main.end({ all: true }), 0);
    assert.deepEqual(readdirSync(folder), []);
    await one.create("a", changesTo({}));
    assert.ok(existsSync(join(folder, FILE)));
    assert.notEqual(await one.load("a"), null);
    assert.deepEqual([log.errors, log.warnings], [[], []]);
  }));

test("sessions go on with the next server", () =>
  withBench(async (bench, folder, clock) => {
    await bench.one.create("a", changesTo({ n: 1 }, "ann"));
    bench.close();
    const next = new SessionBench({ folder, clock });
    const session = (await next.two.load("a"))!;
    assert.deepEqual([session.user, session.values.get("n")], ["ann", "1"]);
    assert.equal((await next.main.list("ann")).total, 1);
    next.close();
  }));

test("the store has no ids", () =>
  withBench(async ({ one }, folder) => {
    const id = "a-secret-that-nobody-may-find";
    await one.create(id, changesTo({}));
    await one.rename(id, `${id}-either`, changesTo({}));
    for (const name of readdirSync(folder)) {
      assert.ok(!readFileSync(join(folder, name)).includes(id), name);
    }
  }));

test("from a file a session is there at once, and its use is noted now and then", () =>
  withBench(async (bench, _, clock) => {
    const { one, main } = bench;
    await one.create("a", changesTo({}));
    const before = bench.told;
    for (let read = 0; read < 100; read += 1) assert.ok(!(one.load("a") instanceof Promise));
    clock.turn(18_000); // a hundredth of the half hour
    void one.load("a");
    assert.equal(bench.told, before);
    clock.turn(1);
    void one.load("a");
    assert.equal(bench.told, before + 1);
    await turns(5);
    void one.load("a");
    assert.equal(bench.told, before + 1);
    assert.equal((await main.list(null)).sessions[0]!.usedMs, clock.nowMs());
  }));

test("to look at it keeps it, up to its age", () =>
  withBench(
    async ({ two, one }, _, clock) => {
      await one.create("a", changesTo({}));
      for (let hours = 0; hours < 9; hours += 1) {
        clock.turn(3_500_000);
        assert.notEqual(await two.load("a"), null, `after ${hours}`);
        // oxlint-disable-next-line no-await-in-loop -- what is noted comes later
        await turns(5);
      }
      clock.turn(2_000_000);
      await one.create("b", changesTo({}));
      clock.turn(3_500_000);
      assert.equal(await two.load("a"), null);
    },
    { idleMs: 3_600_000, absoluteMs: 36_000_000 },
  ));

test("what is over is swept while others are answered", () =>
  withBench(async (bench, folder, clock) => {
    const { one, two } = bench;
    const made = Array.from({ length: 10_000 }, (_, at) => one.create(`${at}`, changesTo({ at })));
    await Promise.all(made);
    clock.turn(bench.one.bounds.idleMs);
    await two.create("kept", changesTo({}));
    let isSwept = false;
    const sweeping = sweep(bench).then(() => (isSwept = true));
    assert.equal(await two.save("kept", changesTo({ n: 1 })), "saved");
    assert.ok(!isSwept);
    await sweeping;
    const file = new DatabaseSync(join(folder, FILE), { readOnly: true });
    const rows = file.prepare("SELECT vals FROM sessions").all();
    file.close();
    assert.deepEqual(
      rows.map((row) => row["vals"]),
      ['["n","1"]'],
    );
  }));

test("a clock that is set back ends none, and makes none immortal", () =>
  withBench(async (bench, _, clock) => {
    await bench.one.create("a", changesTo({}));
    const { idleMs } = bench.one.bounds;
    clock.turn(-24 * 60 * 60_000);
    assert.notEqual(await bench.two.load("a"), null);
    await sweep(bench);
    clock.turn(idleMs);
    assert.equal(await bench.two.load("a"), null);
  }));

test("bounds may change while it runs", () =>
  withBench(async (bench, _, clock) => {
    const { one, two, main } = bench;
    await one.create("a", changesTo({}));
    for (const end of [one, two, main]) end.bounds = { ...end.bounds, idleMs: 1000 };
    clock.turn(1000);
    assert.equal(await two.load("a"), null);
    assert.equal(await one.save("a", changesTo({})), "gone");
  }));

test("without a data folder sessions are kept in memory, which is logged once", async () => {
  const bench = new SessionBench({ folder: null });
  await bench.one.create("a", changesTo({}));
  await bench.one.create("b", changesTo({}));
  assert.notEqual(await bench.two.load("a"), null);
  assert.equal(bench.log.warnings.length, 1);
  assert.match(bench.log.warnings[0]!, /in memory only: there is no data folder/);
  bench.close();
  const asked = new SessionBench({ settings: { store: "memory" } });
  await asked.one.create("a", changesTo({}));
  assert.deepEqual(asked.log.warnings, []);
  asked.close();
});

test("where the file can't be made, who asks is told, and it is logged once", () =>
  withBench(async ({ one, log }, folder) => {
    mkdirSync(join(folder, FILE));
    const both = [one.create("a", changesTo({})), one.save("a", changesTo({}))];
    for (const asked of both) await assert.rejects(asked, { name: "SessionsUnavailable" });
    await assert.rejects(one.end("a"), { name: "SessionsUnavailable" });
    assert.equal(log.errors.length, 1);
    rmdirSync(join(folder, FILE));
    assert.equal(await one.create("a", changesTo({})), "saved");
  }));

test("a file that is broken when a server starts is put aside, and that is logged", () =>
  withTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, FILE), "broken ".repeat(1000));
    const bench = new SessionBench({ folder });
    assert.equal(bench.log.errors.length, 1);
    assert.match(bench.log.errors[0]!, /it is broken: they are put aside as .*sqlite\.unused/);
    assert.equal(await bench.one.create("a", changesTo({})), "saved");
    bench.close();
  }));

test("a worker that can't read the file says so, and does not take a visitor for a stranger", () =>
  withBench(async ({ one }, folder) => {
    writeFileSync(join(folder, FILE), "broken ".repeat(1000));
    assert.throws(() => one.load("a"), { name: "SessionsUnavailable" });
  }));

test("what was asked for before the end is kept", () =>
  withTemporaryFolder(async (folder) => {
    const bench = new SessionBench({ folder });
    await bench.one.create("a", changesTo({}));
    const both = [bench.one.create("b", changesTo({})), bench.two.save("a", changesTo({ n: 1 }))];
    await turns(1);
    bench.main.close();
    assert.deepEqual(await Promise.all(both), ["saved", "saved"]);
    const next = new SessionBench({ folder });
    assert.notEqual(await next.one.load("b"), null);
    assert.equal((await next.one.load("a"))!.values.get("n"), "1");
    next.close();
    bench.close();
  }));
