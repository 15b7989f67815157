import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../base/clock.ts";
import { StoreBench, withStore, withTemporaryFolder } from "../../testing/index.ts";
import { attributeOf, storageWays } from "../native.ts";
import { OpenFile } from "../open-file.ts";
import { OpenFileCache } from "../open-file-cache.ts";
import { digestIn } from "./digest-keeping.ts";
import { Store } from "./store.ts";

const sha = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString("hex");

async function served<T>(store: Store, name: string, use: (file: OpenFile) => Promise<T>) {
  const cache = new OpenFileCache({ clock: systemClock });
  const file = await cache.lookup(store.root, name);
  assert.ok(file instanceof OpenFile);
  const outcome = await use(file);
  file.release();
  cache.close();
  return outcome;
}

const kept = async (store: Store, name: string) =>
  hex(await served(store, name, (file) => store.keptDigest(file)));
const made = async (store: Store, name: string) =>
  hex(await served(store, name, (file) => store.digestOf(file)));

for (const isNative of [true, false]) {
  const way = isNative ? "with the file" : "beside it";
  for (const bytes of [10, 200_000]) {
    test(`a digest of ${bytes} bytes is kept ${way}, and goes when the file changes`, () =>
      withStore(async (bench) => {
        storageWays.native = isNative;
        const content = randomBytes(bytes);
        await bench.put("sub/a", content);
        assert.equal(await kept(bench.store, "sub/a"), sha(content));
        const other = randomBytes(bytes);
        await writeFile(join(bench.folder, "sub/a"), other);
        await utimes(join(bench.folder, "sub/a"), 1, 1);
        assert.equal(await kept(bench.store, "sub/a"), null);
        assert.equal(await made(bench.store, "sub/a"), sha(other));
        assert.equal(await kept(bench.store, "sub/a"), sha(other));
        storageWays.native = true;
      }));
  }
}

test("one that is replaced, or removed, leaves no digest behind it", () =>
  withStore(async (bench) => {
    storageWays.native = false;
    await bench.put("a", "first");
    await bench.put("a", "other", "replace");
    assert.equal(await kept(bench.store, "a"), sha(Buffer.from("other")));
    await bench.store.remove("a");
    assert.deepEqual(await readdir(join(bench.folder, ".portico-digests")), []);
    storageWays.native = true;
  }));

for (const isNative of [true, false]) {
  test(`digests survive a move of the folder (native: ${isNative})`, () =>
    withTemporaryFolder(async (above) => {
      storageWays.native = isNative;
      const bench = new StoreBench(join(above, "here"), {});
      bench.store = await Store.open(bench.options);
      await bench.put("a", "content");
      await bench.store.close();
      await rename(join(above, "here"), join(above, "there"));
      const moved = await Store.open({ ...bench.options, folder: join(above, "there") });
      assert.equal(await kept(moved, "a"), sha(Buffer.from("content")));
      await moved.close();
      storageWays.native = true;
    }));
}

test("a store without digests keeps none, unless a draft asks for one", () =>
  withStore(
    async (bench) => {
      await bench.put("a", "content");
      assert.equal(await kept(bench.store, "a"), null);
      const draft = await bench.store.draft(1, { digest: true });
      assert.ok("seal" in draft);
      await draft.write(Buffer.from("x"));
      await draft.seal();
      await bench.store.place([{ draft, name: "b", how: "reject" }]);
      assert.equal(await kept(bench.store, "b"), sha(Buffer.from("x")));
    },
    { digest: false },
  ));

test("an attribute is there, in words that people can read", () =>
  withStore(async (bench) => {
    const outcome = await bench.put("a", "content");
    assert.ok("bytes" in outcome);
    const value = await attributeOf(join(bench.folder, "a"), "user.portico.sha256");
    if (value === null) return; // a file system without attributes
    assert.match(Buffer.from(value).toString(), /^7 \d{19} [0-9a-f]{64}$/);
  }));

const DIGEST = "0".repeat(64);
for (const line of [
  "",
  "x",
  `8 5 ${DIGEST}`,
  `7 6 ${DIGEST}`,
  `7 5 ${DIGEST}0`,
  `7 5 ${DIGEST} `,
]) {
  test(`${JSON.stringify(line).slice(0, 20)} is no digest of that state`, () => {
    assert.equal(digestIn(line, { size: 7n, mtimeNs: 5n }), null);
  });
}
