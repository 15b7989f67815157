// A disk that is really full. Where nothing may be mounted the doubles of faults.test.ts are all.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { StoreBench, withTemporaryFolder } from "../../testing/index.ts";
import { Store } from "./store.ts";

const MIB = 1024 * 1024;

test("on a full disk a new file is refused, and the old one stays", (t) =>
  withTemporaryFolder(async (folder) => {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
    if (mounted.status !== 0) {
      t.skip("nothing may be mounted here");
      return;
    }
    try {
      const bench = new StoreBench(folder, {});
      bench.store = await Store.open(bench.options);
      assert.ok(!((await bench.put("a", Buffer.alloc(MIB, 1))) instanceof Failure));
      // Announced, it is refused by what is free; else by what the system says while it is written.
      const announced = await bench.put("a", Buffer.alloc(5 * MIB), "replace");
      assert.equal((announced as Failure).code, "storageFull");
      const draft = await bench.store.draft(null);
      assert.ok(!(draft instanceof Failure));
      let refusal: Failure | null = null;
      for (let n = 0; n < 6 && refusal === null; n += 1)
        refusal = await draft.write(Buffer.alloc(MIB));
      assert.equal(refusal?.code, "storageFull");
      await draft.drop();
      assert.deepEqual(await readFile(join(folder, "a")), Buffer.alloc(MIB, 1));
      assert.deepEqual(await bench.left(), []);
      assert.ok(!((await bench.put("b", Buffer.alloc(2 * MIB))) instanceof Failure), "room again");
      await bench.store.close();
      assert.deepEqual(bench.descriptors(), []);
    } finally {
      spawnSync("umount", ["-l", folder]);
    }
  }));
