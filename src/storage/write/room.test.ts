import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { withStore, type StoreBench } from "../../testing/index.ts";

const textOf = (bench: StoreBench, name: string) => readFile(join(bench.folder, name), "utf8");

function isStored(outcome: unknown): void {
  assert.ok(!(outcome instanceof Failure), outcome instanceof Failure ? outcome.detail : "");
}

function code(outcome: unknown): string {
  assert.ok(outcome instanceof Failure, `no failure: ${JSON.stringify(outcome)}`);
  return outcome.code;
}

test("a folder that is taken away is made again", () =>
  withStore(async (bench) => {
    await rm(bench.folder, { recursive: true });
    isStored(await bench.put("a", "abc"));
    assert.equal(await textOf(bench, "a"), "abc");
  }));

test("what is written goes to the folder that has the path now, as does what is removed", () =>
  withStore(async (bench) => {
    isStored(await bench.put("a", "old"));
    const away = `${bench.folder}-away`;
    await rename(bench.folder, away);
    try {
      isStored(await bench.put("b", "made again"));
      assert.equal(await textOf(bench, "b"), "made again");
      await rm(bench.folder, { recursive: true });
      await mkdir(bench.folder);
      const drafts = Array.from({ length: 40 }, (_, index) => bench.put(`c${index}`, "another"));
      for (const outcome of await Promise.all(drafts)) isStored(outcome);
      assert.equal((await bench.names()).length, 40);
      assert.equal(code(await bench.store.remove("a")), "notFound");
      assert.equal(await readFile(join(away, "a"), "utf8"), "old");
    } finally {
      await rm(away, { recursive: true });
    }
  }));

test("what came while its folder was moved away is not said to be stored", () =>
  withStore(async (bench) => {
    const draft = await bench.sealed("abc");
    assert.ok(!(draft instanceof Failure));
    const away = `${bench.folder}-away`;
    await rename(bench.folder, away);
    try {
      const placing = { draft, name: "a", how: "reject" } as const;
      assert.equal(code(await bench.store.place([placing])), "busy");
      assert.deepEqual(await readdir(away), []);
      await mkdir(bench.folder);
    } finally {
      await rm(away, { recursive: true });
    }
  }));
