import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { changesTo, SESSION_STORE_SETTINGS, withTemporaryFolder } from "../../testing/index.ts";
import { SessionReader } from "./session-reader.ts";
import { SessionTable } from "./session-table.ts";

const bounds = SESSION_STORE_SETTINGS;
const rules = { nowMs: 0, bounds };

async function withReader(use: (reader: SessionReader, file: string) => void): Promise<void> {
  await withTemporaryFolder((folder) => {
    const file = join(folder, "sessions.sqlite");
    const reader = new SessionReader(file);
    try {
      use(reader, file);
    } finally {
      reader.close();
    }
  });
}

const opened = (file: string): SessionTable => new SessionTable(file, () => assert.fail());

test("a file that is not there yet, or has nothing yet, has no sessions", () =>
  withReader((reader, file) => {
    assert.equal(reader.load("a", 0, bounds), null);
    writeFileSync(file, "");
    assert.equal(reader.load("a", 0, bounds), null);
    const table = opened(file);
    table.create("a", changesTo({ n: 1 }), rules);
    assert.deepEqual([...reader.load("a", 0, bounds)!.values], [["n", "1"]]);
    table.close();
  }));

test("what is committed is seen, what is not is not", () =>
  withReader((reader, file) => {
    const table = opened(file);
    table.create("a", changesTo({ n: 1 }), rules);
    table.transaction(() => {
      table.save("a", "a", changesTo({ n: 2 }), rules);
      table.create("b", changesTo({}), rules);
      assert.equal(reader.load("a", 0, bounds)!.values.get("n"), "1");
      assert.equal(reader.load("b", 0, bounds), null);
    });
    assert.equal(reader.load("a", 0, bounds)!.values.get("n"), "2");
    assert.notEqual(reader.load("b", 0, bounds), null);
    table.end("a");
    assert.equal(reader.load("a", 0, bounds), null);
    table.close();
  }));

test("one that is over is none, by the bounds of now", () =>
  withReader((reader, file) => {
    const table = opened(file);
    table.create("a", changesTo({}), rules);
    assert.equal(reader.load("a", bounds.idleMs, bounds), null);
    assert.notEqual(reader.load("a", bounds.idleMs - 1, bounds), null);
    assert.equal(reader.load("a", 10, { ...bounds, absoluteMs: 10 }), null);
    table.close();
  }));

test("a file that is no database is an error, and no stranger's session", () =>
  withReader((reader, file) => {
    writeFileSync(file, "no database ".repeat(1000));
    assert.throws(() => reader.load("a", 0, bounds), { name: "SessionsUnavailable" });
  }));
