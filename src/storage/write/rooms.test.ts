import assert from "node:assert/strict";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { withStore, type StoreBench } from "../../testing/index.ts";

function code(outcome: unknown): string | null {
  return outcome instanceof Failure ? outcome.code : null;
}

/** Moves the folder of a store away, puts another in its place, and looks at both in the end. */
async function moved(
  bench: StoreBench,
  use: (away: string) => Promise<void>,
  into = `${bench.folder}-moved`,
): Promise<void> {
  await rename(bench.folder, into);
  try {
    await mkdir(bench.folder);
    await use(into);
  } finally {
    await rm(into, { recursive: true });
  }
}

test("a folder that is taken away is made again, however often", () =>
  withStore(async (bench) => {
    const openBefore = (await readdir("/proc/self/fd")).length;
    for (let round = 0; round < 40; round += 1) {
      await rm(bench.folder, { recursive: true });
      assert.equal(code(await bench.put("a", "abc")), null);
      assert.deepEqual(await bench.names(), ["a"]);
    }
    assert.ok((await readdir("/proc/self/fd")).length < openBefore + 10);
  }));

test("a folder that is moved away is not written to any more; what has its name is", () =>
  withStore(async (bench) => {
    assert.equal(code(await bench.put("a", "abc")), null);
    await moved(bench, async (away) => {
      const outcomes = await Promise.all(["b", "c"].map((name) => bench.put(name, "abc")));
      assert.deepEqual(outcomes.map(code), [null, null]);
      assert.equal(code(await bench.store.remove("a")), "notFound");
      assert.deepEqual((await bench.names()).toSorted(), ["b", "c"]);
      assert.deepEqual(await readdir(away), ["a"]);
    });
  }));

test("what began in a folder that is moved away is not said to be stored", () =>
  withStore(async (bench) => {
    const draft = await bench.sealed("abc");
    assert.ok(!(draft instanceof Failure));
    await moved(bench, async (away) => {
      const outcome = await bench.store.place([{ draft, name: "a", how: "replace" }]);
      assert.equal(code(outcome), "busy");
      assert.deepEqual([await readdir(away), await bench.names()], [[], []]);
    });
  }));

test("a folder that is gone for good is no place to store in, and nothing stays open", () =>
  withStore(async (bench) => {
    const draft = await bench.sealed("abc");
    assert.ok(!(draft instanceof Failure));
    await rm(bench.folder, { recursive: true });
    const outcome = await bench.store.place([{ draft, name: "a", how: "reject" }]);
    assert.equal(code(outcome), "busy");
    assert.equal(code(await bench.store.remove("a")), "notFound");
  }));
