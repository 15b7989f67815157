import assert from "node:assert/strict";
import { rm, utimes, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { OpenFile, OpenFileCache, type Lookup, type Root } from "../../storage/index.ts";
import { exchangeOf, TurnedClock, withTemporaryFolder } from "../../testing/index.ts";
import { Siblings, type Chosen } from "./siblings.ts";

const MADE_S = 1_600_000_000;

interface Bench {
  readonly file: OpenFile;
  readonly lookup: (name: string) => Promise<OpenFile>;
  readonly choose: () => Promise<Chosen>;
}

/** Files of a disk that fails at Brotli siblings. */
class FailingFiles extends OpenFileCache {
  override lookup(root: Root, path: string): Lookup | Promise<Lookup> {
    if (!path.endsWith(".br")) return super.lookup(root, path);
    return Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" }));
  }
}

/** Lends `a.js`, and siblings that are `laterS` seconds younger. */
async function withSibling(
  laterS: number,
  use: (bench: Bench) => Promise<void>,
  Files: typeof OpenFileCache = OpenFileCache,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    for (const [name, timeS] of [
      ["a.js", MADE_S],
      ["a.js.br", MADE_S + laterS],
      ["a.js.gz", MADE_S + laterS],
    ] as const) {
      await writeFile(`${folder}/${name}`, name);
      await utimes(`${folder}/${name}`, timeS, timeS);
    }
    const clock = new TurnedClock();
    const files = new Files({ clock });
    const root = { folder, followLinks: false };
    const siblings = new Siblings(files, root);
    const lookup = async (name: string): Promise<OpenFile> => {
      const found = await files.lookup(root, name);
      assert.ok(found instanceof OpenFile);
      return found;
    };
    const file = await lookup("a.js");
    const exchange = exchangeOf({ fields: { "Accept-Encoding": "br" } });
    const choose = async (): Promise<Chosen> => siblings.choose(exchange, "a.js", file);
    try {
      await use({ file, lookup, choose });
    } finally {
      files.close();
    }
  });
}

const AGES: readonly [laterS: number, coding: string | null][] = [
  [60, "br"],
  [0, "br"],
  [-0.001, "br"],
  [-1, "br"],
  [-2, "br"],
  [-2.001, null],
  [-3, null],
  [-86_400, null],
];
for (const [laterS, coding] of AGES) {
  test(`a sibling ${laterS} s younger than its file is ${coding ?? "not"} sent`, async () => {
    await withSibling(laterS, async ({ choose }) => {
      const chosen = await choose();
      assert.equal(chosen.coding, coding);
      assert.equal(chosen.varies, coding !== null);
      chosen.file.release();
    });
  });
}

test("a sibling that the disk fails to tell of leaves no file held", async () => {
  const use = async ({ file, lookup, choose }: Bench): Promise<void> => {
    await assert.rejects(choose(), { code: "EIO" });
    assert.equal(file.isIdle, true);
    const gzip = await lookup("a.js.gz");
    gzip.release();
    assert.equal(gzip.isIdle, true);
  };
  await withSibling(0, use, FailingFiles);
});

/** Files that can only be looked at by waiting. */
class RemoteFiles extends OpenFileCache {
  override isAbsent(): boolean {
    return false;
  }
}

for (const [where, Files] of [
  ["here", OpenFileCache],
  ["elsewhere", RemoteFiles],
] as const) {
  test(`siblings that come and go ${where} are seen when the file is looked at again`, async () => {
    await withTemporaryFolder(async (folder) => {
      const write = async (name: string): Promise<void> => {
        await writeFile(`${folder}/${name}`, name);
        await utimes(`${folder}/${name}`, MADE_S, MADE_S);
      };
      const clock = new TurnedClock();
      const files = new Files({ clock });
      const root = { folder, followLinks: false };
      const siblings = new Siblings(files, root);
      const exchange = exchangeOf({ fields: { "Accept-Encoding": "gzip" } });
      const coding = async (): Promise<string | null> => {
        const file = await files.lookup(root, "b.js");
        assert.ok(file instanceof OpenFile);
        const chosen = await siblings.choose(exchange, "b.js", file);
        chosen.file.release();
        return chosen.coding;
      };
      await write("b.js");
      assert.equal(await coding(), null);
      await write("b.js.gz");
      assert.equal(await coding(), null, "a second has not gone by");
      clock.turn(1000);
      assert.equal(await coding(), "gzip");
      await rm(`${folder}/b.js.gz`);
      files.invalidate();
      assert.equal(await coding(), null);
      await write("b.js.gz");
      files.invalidate();
      assert.equal(await coding(), "gzip");
      files.close();
    });
  });
}
