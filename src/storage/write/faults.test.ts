// The n-th call to the system fails, for every n, once and from there on, on every way of writing:
// the failure is honest, nothing is seen half, and nothing is left but what could not be removed.
import assert from "node:assert/strict";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { FailingFiles, StoreBench, withTemporaryFolder, type Fault } from "../../testing/index.ts";
import { blocks } from "./block-pool.ts";
import type { OnConflict } from "./options.ts";
import { Store } from "./store.ts";

const CODES = ["ENOSPC", "EIO", "EMFILE", "EACCES"];
const HONEST: Readonly<Record<string, string>> = {
  ENOSPC: "storageFull",
  EIO: "storageFailed",
  EMFILE: "overloaded",
  EACCES: "storageFailed",
};
const CALLS_MAX = 200;
const BIG = "b".repeat(700_000);

interface Way {
  readonly name: string;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  act(bench: StoreBench): Promise<unknown>;
}

const several = (files: Readonly<Record<string, string>>, how: OnConflict) => (bench: StoreBench) =>
  bench.putAll(Object.entries(files), how);

const WAYS: readonly Way[] = [
  {
    name: "a new file",
    before: {},
    after: { a: "new" },
    act: (bench) => bench.put("a", "new"),
  },
  {
    name: "a large one in folders that are made",
    before: {},
    after: { "x/y/a": BIG },
    act: (bench) => bench.put("x/y/a", BIG),
  },
  {
    name: "a file in the place of another",
    before: { a: "old" },
    after: { a: "newer" },
    act: (bench) => bench.put("a", "newer", "replace"),
  },
  {
    name: "a file that gets a number",
    before: { a: "old" },
    after: { a: "old", "a-1": "new" },
    act: (bench) => bench.put("a", "new", "rename"),
  },
  {
    name: "one that is there already",
    before: { a: "same" },
    after: { a: "same" },
    act: (bench) => bench.put("a", "same", "same"),
  },
  {
    name: "several new files",
    before: {},
    after: { a: "1", "x/b": "2", c: BIG },
    act: several({ a: "1", "x/b": "2", c: BIG }, "reject"),
  },
  {
    name: "several in the place of others",
    before: { a: "old", b: "old, too" },
    after: { a: "1", b: "2", c: "3" },
    act: several({ a: "1", b: "2", c: "3" }, "replace"),
  },
  {
    name: "a file is removed",
    before: { a: "old" },
    after: {},
    act: (bench) => bench.store.remove("a"),
  },
];

type Files = Readonly<Record<string, string>>;

async function seenIn(bench: StoreBench): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const name of await bench.names()) {
    const path = join(bench.folder, name);
    if ((await stat(path)).isFile()) seen[name] = await readFile(path, "utf8");
  }
  return seen;
}

/** As it was before, in every respect that counts. */
async function prepare(bench: StoreBench, before: Files): Promise<void> {
  for (const name of await bench.names()) {
    await rm(join(bench.folder, name), { recursive: true, force: true });
  }
  for (const name of await bench.left()) {
    await rm(join(bench.folder, name));
  }
  for (const [name, content] of Object.entries(before)) {
    await writeFile(join(bench.folder, name), content);
  }
  const bytes = Object.values(before).reduce((sum, content) => sum + content.length, 0);
  bench.account.usedBytes = bytes;
  bench.log.errors.length = 0;
}

/** Whether the fault was met at all. */
async function meets(bench: StoreBench, failing: FailingFiles, way: Way, fault: Fault) {
  await prepare(bench, way.before);
  failing.arm(fault);
  const outcome = await way.act(bench);
  failing.disarm();
  const failed = failing.failed;
  const where = `${way.name}: ${fault.code} ${fault.lasts} at ${fault.nth} (${failed.join(" ")})`;
  const seen = await seenIn(bench);
  if (outcome instanceof Failure) {
    assert.equal(outcome.code, HONEST[fault.code], where);
    const isLogged = bench.log.errors.length > 0;
    assert.ok(isLogged || outcome.code !== "storageFailed", `${where}: nothing is logged`);
    if (fault.lasts === "once") assert.deepEqual(seen, way.before, where);
    else assertWhole(seen, way, where);
  } else {
    assert.deepEqual(seen, way.after, where);
  }
  await assertLittleLeft(bench, failed, where);
  assert.equal(blocks.taken, 0, `${where}: blocks are out`);
  assert.deepEqual(bench.descriptors(), [], `${where}: left open`);
  const bytes = Object.values(seen).reduce((sum, content) => sum + content.length, 0);
  if (fault.lasts === "once") assert.equal(bench.account.usedBytes, bytes, `${where}: account`);
  return failed.length > 0;
}

// What was begun on and can't be taken back either is left to the next start, with its journal.
async function assertLittleLeft(bench: StoreBench, failed: readonly string[], where: string) {
  const left = await bench.left();
  const isUndone = left.every((name) => !/[.](?:journal|gone)$/.test(name));
  if (failed.length > 1 && !isUndone) return;
  const unremoved = failed.filter((call) => call.startsWith("unlink")).length;
  assert.ok(left.length <= unremoved, `${where}: left ${left.join(" ")}`);
}

function assertWhole(seen: Files, { before, after }: Way, where: string): void {
  for (const [name, content] of Object.entries(seen)) {
    assert.ok(content === before[name] || content === after[name], `${where}: ${name} is torn`);
  }
  for (const name of Object.keys(before)) {
    assert.ok(name in seen || !(name in after), `${where}: ${name} is lost`);
  }
}

// A file system that is not known to be this machine's is asked in other ways.
const WHERE = [
  { durability: "fsync", isFar: false },
  { durability: "none", isFar: false },
  { durability: "fsync", isFar: true },
] as const;

const CASES = WAYS.flatMap((way) =>
  (["once", "on"] as const).flatMap((lasts) => WHERE.map((where) => ({ way, lasts, ...where }))),
);
for (const { way, lasts, durability, isFar } of CASES) {
  const where = `durability: ${durability}${isFar ? ", far away" : ""}`;
  test(`${way.name}: any call may fail, ${lasts} (${where})`, () =>
    withTemporaryFolder(async (folder) => {
      const failing = new FailingFiles({ isFar });
      const bench = new StoreBench(folder, { quotaBytes: 10_000_000, freeBytesMin: 1, durability });
      bench.store = await Store.open(bench.options, failing.files);
      for (const code of CODES) {
        let nth = 1;
        while (await meets(bench, failing, way, { nth, code, lasts })) nth += 1;
        assert.ok(nth > 5 && nth < CALLS_MAX, `${nth} calls`);
      }
      await bench.store.close();
    }));
}

test("a store that can't be opened leaves nothing open", () =>
  withTemporaryFolder(async (folder) => {
    const failing = new FailingFiles();
    const bench = new StoreBench(join(folder, "made"), {});
    await mkdir(bench.folder);
    const before = bench.descriptors();
    for (let nth = 1; nth < CALLS_MAX; nth += 1) {
      await rm(bench.folder, { recursive: true, force: true });
      failing.arm({ nth, code: "EIO", lasts: "once" });
      const opened = await Store.open(bench.options, failing.files).catch(
        (error: unknown) => error,
      );
      failing.disarm();
      if (opened instanceof Store) await opened.close();
      else assert.equal((opened as NodeJS.ErrnoException).code, "EIO");
      assert.deepEqual(bench.descriptors(), before);
      if (failing.failed.length === 0) return;
    }
    assert.fail("it never ends");
  }));
