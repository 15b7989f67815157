import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  changesTo,
  SESSION_STORE_SETTINGS,
  SessionBench,
  withTemporaryFolder,
} from "../../testing/index.ts";
import { openSessionsFile } from "./open-sessions-file.ts";
import { SessionTable } from "./session-table.ts";

const FILE = "sessions.sqlite";
const nobody = (): void => assert.fail("put aside");

async function withFile(use: (file: string, folder: string) => void | Promise<void>) {
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, FILE);
    const table = new SessionTable(file, nobody);
    const rules = { nowMs: Date.now(), bounds: SESSION_STORE_SETTINGS };
    table.transaction(() => {
      for (let made = 0; made < 500; made += 1) {
        table.create(`digest ${made}`, changesTo({ text: "x".repeat(500) }), rules);
      }
    });
    table.close();
    await use(file, folder);
  });
}

/** Opens it; where it lies that was put aside, and why. */
function opened(file: string) {
  const aside: string[] = [];
  const database = openSessionsFile(file, (...told) => aside.push(...told));
  const count = "SELECT count(*) AS count FROM sessions";
  const { count: left } = database.prepare(count).get() as { count: number };
  database.close();
  return { aside, left };
}

test("what is good is gone on with, and nobody else's to read", () =>
  withFile((file) => {
    assert.deepEqual(opened(file), { aside: [], left: 500 });
    assert.equal(statSync(file).mode & 0o777, 0o600);
  }));

test("what lies beside it while it is open is nobody else's to read either", () =>
  withFile((file, folder) => {
    const table = new SessionTable(file, nobody);
    const rules = { nowMs: 0, bounds: SESSION_STORE_SETTINGS };
    table.create("a", changesTo({}), rules);
    const names = readdirSync(folder);
    assert.ok(names.length > 1);
    for (const name of names) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
    table.close();
  }));

const BROKEN = [
  { name: "no database", bytes: () => Buffer.from("no database ".repeat(100)) },
  { name: "cut off", bytes: (whole: Buffer) => whole.subarray(0, 8192) },
  { name: "written over within", bytes: (whole: Buffer) => whole.fill(0xff, 8192, 16_384) },
];
for (const { name, bytes } of BROKEN) {
  test(`a file that is ${name} is put aside, and another begun`, () =>
    withFile((file) => {
      const broken = bytes(readFileSync(file));
      writeFileSync(file, broken);
      const { aside, left } = opened(file);
      assert.deepEqual([aside, left], [[`${file}.unused`, "it is broken"], 0]);
      assert.deepEqual(readFileSync(`${file}.unused`), broken);
      assert.deepEqual(opened(file), { aside: [], left: 0 });
    }));
}

test("a file of a newer portico is put aside whole", () =>
  withFile((file) => {
    const newer = new DatabaseSync(file);
    newer.exec("PRAGMA user_version = 99; CREATE TABLE news (a)");
    newer.close();
    const { aside, left } = opened(file);
    assert.deepEqual([aside, left], [[`${file}.unused`, "a newer portico has made it"], 0]);
    const kept = new DatabaseSync(`${file}.unused`);
    assert.equal(Object.values(kept.prepare("SELECT count(*) FROM sessions").get()!)[0], 500);
    kept.close();
  }));

test("where nothing can be opened, that is thrown, and nothing put aside", () =>
  withTemporaryFolder((folder) => {
    mkdirSync(join(folder, FILE));
    assert.throws(() => openSessionsFile(join(folder, FILE), nobody), /EISDIR/);
    assert.throws(() => openSessionsFile(join(folder, "none", FILE), nobody), /ENOENT/);
    assert.ok(!existsSync(join(folder, "none")));
  }));

test("what a killed process had been answered is there", () =>
  withTemporaryFolder(async (folder) => {
    const program = fileURLToPath(new URL("../../testing/session-saver.ts", import.meta.url));
    const saver = spawn(process.execPath, [program, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    saver.stdout.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if (told.split("\n").length > 50) saver.kill("SIGKILL");
    });
    await once(saver, "close");
    const last = Number(told.trimEnd().split("\n").at(-1));
    assert.ok(last >= 49);
    const bench = new SessionBench({ folder });
    const { values } = (await bench.one.load("a"))!;
    for (let at = 0; at <= last; at += 1) assert.equal(values.get(`key ${at}`), String(at));
    assert.deepEqual(bench.log.errors, []);
    bench.close();
  }));
