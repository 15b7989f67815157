import assert from "node:assert/strict";
import { test } from "node:test";
import { changesTo, SESSION_STORE_SETTINGS } from "../../testing/index.ts";
import { SessionTable, type Rules } from "./session-table.ts";

const IDLE_MS = 1000;
const ABSOLUTE_MS = 5000;
const bounds = { ...SESSION_STORE_SETTINGS, idleMs: IDLE_MS, absoluteMs: ABSOLUTE_MS };

const at = (nowMs: number, more: Partial<Rules["bounds"]> = {}): Rules => ({
  nowMs,
  bounds: { ...bounds, ...more },
});

function tableWith(count: number, user: string | null = null): SessionTable {
  const table = new SessionTable(null, () => assert.fail());
  table.transaction(() => {
    for (let made = 0; made < count; made += 1) {
      table.create(`${user ?? "s"} ${made}`, changesTo({ made }, user), at(made));
    }
  });
  return table;
}

test("one that was not used for so long is gone, before it is swept", () => {
  const table = tableWith(1);
  assert.notEqual(table.load("s 0", at(IDLE_MS - 1)), null);
  assert.equal(table.load("s 0", at(IDLE_MS)), null);
  assert.equal(table.save("s 0", "s 0", changesTo({ n: 1 }), at(IDLE_MS)), "gone");
  assert.equal(table.list(null, at(IDLE_MS)).total, 0);
  assert.equal(table.sweep(at(IDLE_MS - 1), 10), 0);
  assert.equal(table.sweep(at(IDLE_MS), 10), 1);
  table.close();
});

test("a use and a save put off the end, but not that of its age", () => {
  const table = tableWith(2);
  for (let nowMs = 0; nowMs < ABSOLUTE_MS; nowMs += IDLE_MS - 10) {
    table.used("s 0", nowMs);
    assert.equal(table.save("s 1", "s 1", changesTo({ nowMs }), at(nowMs)), "saved");
  }
  assert.notEqual(table.load("s 0", at(ABSOLUTE_MS - 1)), null);
  assert.equal(table.load("s 0", at(ABSOLUTE_MS)), null);
  assert.notEqual(table.load("s 1", at(ABSOLUTE_MS)), null); // it was made a millisecond later
  assert.equal(table.save("s 1", "s 1", changesTo({}), at(ABSOLUTE_MS + 1)), "gone");
  assert.equal(table.sweep(at(ABSOLUTE_MS), 10), 1);
  table.close();
});

test("a new id makes nothing younger", () => {
  const table = tableWith(1);
  table.used("s 0", ABSOLUTE_MS - 1);
  table.save("s 0", "new", changesTo({}, "ann"), at(ABSOLUTE_MS - 1));
  assert.equal(table.load("new", at(ABSOLUTE_MS)), null);
  table.close();
});

test("a use that is told of late is no use in the past", () => {
  const table = tableWith(1);
  table.save("s 0", "s 0", changesTo({}), at(500));
  table.used("s 0", 100);
  assert.equal(table.load("s 0", at(501))!.usedMs, 500);
  table.used("nobody's", 500);
  assert.equal(table.list(null, at(501)).total, 1);
  table.close();
});

test("a clock that was set back makes none last longer than from now", () => {
  const table = new SessionTable(null, () => assert.fail());
  const laterMs = 1_000_000;
  table.create("a", changesTo({}), at(laterMs));
  table.mend(10);
  assert.deepEqual(
    table.list(null, at(10)).sessions.map(({ createdMs, usedMs }) => [createdMs, usedMs]),
    [[10, 10]],
  );
  assert.equal(table.load("a", at(10 + IDLE_MS)), null);
  table.close();
});

test("ten thousand that are over are swept, some at a time, and no others", () => {
  const table = tableWith(10_000);
  table.transaction(() => void table.create("kept", changesTo({}), at(20_000)));
  let [swept, turns] = [0, 0];
  for (let some = -1; some !== 0; turns += 1) {
    some = table.sweep(at(20_000), 500);
    assert.ok(some <= 1000); // 500 for each of two reasons
    swept += some;
  }
  assert.deepEqual([swept, table.list(null, at(20_000)).total], [10_000, 1]);
  assert.ok(turns > 10);
  table.close();
});

test("strangers are counted right, whatever becomes of them", () => {
  const table = tableWith(3);
  const more = at(10, { strangersMax: 3 });
  const total = () => table.list(null, more).total;
  table.end("s 0");
  table.end("s 0");
  table.create("a", changesTo({}), more);
  assert.equal(total(), 3);
  table.save("s 1", "s 1", changesTo({}, "ann"), more);
  table.create("b", changesTo({}), more);
  assert.equal(total(), 4);
  table.endThose({ user: "ann" });
  table.create("c", changesTo({}), more);
  assert.deepEqual([total(), table.load("s 2", more)], [3, null]);
  assert.throws(() =>
    table.transaction(() => {
      table.endThose({ all: true });
      table.create("d", changesTo({}), more);
      throw new Error("on the way");
    }),
  );
  table.create("e", changesTo({}), more);
  assert.deepEqual([total(), table.load("a", more)], [3, null]);
  table.close();
});

test("a bound on strangers that was made smaller is reached some at a time", () => {
  const table = tableWith(500);
  const fewer = at(500, { strangersMax: 50 });
  for (let made = 0; made < 5; made += 1) table.create(`new ${made}`, changesTo({}), fewer);
  const { sessions, total } = table.list(null, fewer);
  assert.equal(total, 50);
  assert.equal(sessions.filter(({ digest }) => digest.startsWith("new")).length, 5);
  table.close();
});

test("of many the ones are listed that were used last", () => {
  const table = tableWith(1500);
  const { sessions, total } = table.list(null, at(1500, { idleMs: 10_000 }));
  assert.deepEqual([total, sessions.length, sessions[0]!.digest], [1500, 1000, "s 1499"]);
  table.close();
});

test("a digest's beginning is a text, and no pattern", () => {
  const table = new SessionTable(null, () => assert.fail());
  for (const digest of ["aa0", "aaf", "ab0"]) table.create(digest, changesTo({}), at(0));
  for (const digest of ["%", "*", "a_", "[a]", "' OR 1", "g"]) {
    assert.equal(table.endThose({ digest }), 0);
  }
  assert.equal(table.endThose({ digest: "aa" }), "several");
  assert.deepEqual(
    [table.endThose({ digest: "aa0" }), table.endThose({ digest: "a" })],
    [1, "several"],
  );
  assert.equal(table.list(null, at(0)).total, 2);
  table.close();
});
