import assert from "node:assert/strict";
import { mkdir, readdir, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { withStore, withTemporaryFolder } from "../../testing/index.ts";
import { systemFiles, type FileSystem } from "../index.ts";
import { Store } from "./store.ts";

test("a folder that is swapped for a link half-way leads nobody out", () =>
  withTemporaryFolder(async (outside) => {
    let swap: () => Promise<void> = () => Promise.resolve();
    // Behind the look at the folder, before the name in it is taken.
    const system: FileSystem = {
      ...systemFiles,
      link: async (from, to) => {
        await swap();
        return systemFiles.link(from, to);
      },
    };
    await withStore(
      async (bench) => {
        await mkdir(join(bench.folder, "sub"));
        swap = async () => {
          await rename(join(bench.folder, "sub"), join(bench.folder, "moved"));
          await symlink(outside, join(bench.folder, "sub"));
        };
        assert.ok(!((await bench.put("sub/a", "x")) instanceof Failure));
        assert.deepEqual(await readdir(outside), []);
        assert.deepEqual(await readdir(join(bench.folder, "moved")), ["a"]);
      },
      {},
      system,
    );
  }));

test("folders that are made can be entered by whom their files can be read by", async (t) => {
  for (const [mode, expected] of [
    [0o600, 0o700],
    [0o640, 0o750],
    [0o644, 0o755],
    [0o400, 0o700],
  ] as const) {
    await t.test(mode.toString(8), () =>
      withStore(
        async (bench) => {
          await bench.put("sub/a", "x");
          const { mode: made } = await systemFiles.stat(join(bench.folder, "sub"));
          assert.equal(Number(made) & 0o777, expected & ~process.umask());
        },
        { mode },
      ),
    );
  }
});

test("folders that were made for what was refused go, unless something came into them", () =>
  withStore(async (bench) => {
    await bench.put("taken", "x");
    const refused = await bench.putAll([
      ["a/b/c", "x"],
      ["taken", "x"],
    ]);
    assert.ok(refused instanceof Failure);
    assert.deepEqual(await bench.names(), ["taken"]);
  }));

test("the folder itself may be a link", () =>
  withStore(async (bench) => {
    await withTemporaryFolder(async (elsewhere) => {
      const link = join(elsewhere, "link");
      await symlink(bench.folder, link);
      const store = await Store.open({ ...bench.options, folder: link });
      assert.equal(store.root.folder, bench.folder);
      await store.close();
    });
  }));
