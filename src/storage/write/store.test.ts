import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { withStore, type StoreBench } from "../../testing/index.ts";
import { OpenFile } from "../open-file.ts";
import { OpenFileCache } from "../open-file-cache.ts";
import { systemClock } from "../../base/clock.ts";
import type { Condition, Stored } from "./options.ts";

const sha = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const hex = (bytes: Uint8Array | null) =>
  bytes === null ? null : Buffer.from(bytes).toString("hex");

function stored(outcome: Stored | Failure): Stored {
  assert.ok(!(outcome instanceof Failure), outcome instanceof Failure ? outcome.detail : "");
  return outcome;
}

function code(outcome: unknown): string {
  assert.ok(outcome instanceof Failure, `no failure: ${JSON.stringify(outcome)}`);
  return outcome.code;
}

const textOf = (bench: StoreBench, name: string) => readFile(join(bench.folder, name), "utf8");

async function served(bench: StoreBench, name: string, use: (file: OpenFile) => Promise<void>) {
  const cache = new OpenFileCache({ clock: systemClock });
  const file = await cache.lookup(bench.store.root, name);
  assert.ok(file instanceof OpenFile);
  await use(file);
  file.release();
  cache.close();
}

test("a file is what was written, with its mode, digest and the ETag it is served by", () =>
  withStore(async (bench) => {
    const content = randomBytes(1_000_003);
    const outcome = stored(await bench.put("a.bin", content));
    assert.deepEqual(await readFile(join(bench.folder, "a.bin")), content);
    assert.equal(outcome.name, "a.bin");
    assert.equal(outcome.created, true);
    assert.equal(outcome.bytes, content.length);
    assert.equal(hex(outcome.sha256), sha(content));
    assert.equal((await stat(join(bench.folder, "a.bin"))).mode & 0o7777, 0o640);
    assert.equal((await stat(join(bench.folder, "a.bin"))).nlink, 1);
    assert.equal(bench.written, 1);
    await served(bench, "a.bin", async (file) => {
      assert.equal(file.etag, outcome.etag);
      assert.equal(file.mtimeMs, outcome.mtimeMs);
      assert.equal(hex(await bench.store.keptDigest(file)), sha(content));
    });
  }));

test("nothing is seen before it is placed, nor what was dropped", () =>
  withStore(async (bench) => {
    const draft = await bench.sealed("abc");
    assert.ok(!(draft instanceof Failure));
    assert.deepEqual(await bench.names(), []);
    await draft.drop();
    await draft.drop();
    assert.deepEqual(await bench.names(), []);
  }));

test("a taken name is refused, and what has it stays", () =>
  withStore(async (bench) => {
    stored(await bench.put("a", "first"));
    assert.equal(code(await bench.put("a", "second")), "nameTaken");
    assert.equal(await textOf(bench, "a"), "first");
  }));

test("one that is replaced is another file, and the old one is gone", () =>
  withStore(async (bench) => {
    const first = stored(await bench.put("a", "first", "replace"));
    const second = stored(await bench.put("a", "second", "replace"));
    assert.deepEqual([first.created, second.created], [true, false]);
    assert.notEqual(first.etag, second.etag);
    assert.equal(await textOf(bench, "a"), "second");
  }));

test("names are numbered before their extension", () =>
  withStore(async (bench) => {
    const names: string[] = [];
    for (let n = 0; n < 12; n += 1)
      names.push(stored(await bench.put("a.txt", `${n}`, "rename")).name);
    assert.deepEqual(names.slice(0, 4), ["a.txt", "a-1.txt", "a-2.txt", "a-3.txt"]);
    for (const [n, name] of names.entries()) assert.equal(await textOf(bench, name), `${n}`);
  }));

test("equal bytes are fine, others are refused", () =>
  withStore(async (bench) => {
    const first = stored(await bench.put("a", "same", "same"));
    const second = stored(await bench.put("a", "same", "same"));
    assert.deepEqual(second, { ...first, created: false, written: false });
    assert.equal(code(await bench.put("a", "sama", "same")), "nameTaken");
    assert.equal(code(await bench.put("a", "longer", "same")), "nameTaken");
    await writeFile(join(bench.folder, "foreign"), "bytes");
    assert.equal(stored(await bench.put("foreign", "bytes", "same")).created, false);
    assert.equal(code(await bench.put("foreign", "bytez", "same")), "nameTaken");
  }));

for (const how of ["reject", "replace", "rename", "same"] as const) {
  test(`sixteen writers of one name never mix: ${how}`, () =>
    withStore(async (bench) => {
      const contents = Array.from({ length: 16 }, (_, n) => `${n}`.repeat(1000));
      const outcomes = await Promise.all(contents.map((content) => bench.put("a", content, how)));
      const won = outcomes.filter((one) => !(one instanceof Failure)) as Stored[];
      const expected = how === "reject" || how === "same" ? 1 : 16;
      assert.equal(won.length, expected);
      assert.equal(new Set(won.map(({ name }) => name)).size, how === "rename" ? 16 : 1);
      for (const name of await bench.names())
        assert.ok(contents.includes(await textOf(bench, name)));
    }));
}

test("hundreds of files of one name are all numbered", () =>
  withStore(
    async (bench) => {
      const names = Array.from({ length: 300 }, () => bench.put("image.jpg", "x", "rename"));
      const stored = await Promise.all(names);
      for (const one of stored) assert.ok(!(one instanceof Failure));
      assert.equal((await bench.names()).length, 300);
    },
    { durability: "none" },
  ));

test("of writers that name one tag exactly one wins", () =>
  withStore(async (bench) => {
    const { etag } = stored(await bench.put("a", "first"));
    const condition: Condition = (current) =>
      current?.etag === etag ? null : new Failure("preconditionFailed");
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const draft = await bench.sealed(`new ${n}`);
        assert.ok(!(draft instanceof Failure));
        return bench.store.place([{ draft, name: "a", how: "replace", condition }]);
      }),
    );
    const lost = outcomes.filter((one) => one instanceof Failure);
    assert.deepEqual(new Set(lost.map(code)), new Set(["preconditionFailed"]));
    assert.equal(lost.length, 7);
  }));

test("several files are there together, or none is", () =>
  withStore(async (bench) => {
    const files = [
      ["x", "1"],
      ["y", "2"],
      ["sub/z", "3"],
    ] as const;
    assert.ok(!((await bench.putAll(files)) instanceof Failure));
    assert.deepEqual(await bench.names(), ["sub", "sub/z", "x", "y"]);
    const more = [
      ["new", "4"],
      ["deep/er/new", "5"],
      ["x", "6"],
    ] as const;
    assert.equal(code(await bench.putAll(more)), "nameTaken");
    assert.deepEqual(await bench.names(), ["sub", "sub/z", "x", "y"]);
    assert.equal(await textOf(bench, "x"), "1");
  }));

test("several of one name are numbered, and can't replace one another", () =>
  withStore(async (bench) => {
    const files = [
      ["a", "1"],
      ["a", "2"],
    ] as const;
    const outcome = await bench.putAll(files, "rename");
    assert.ok(!(outcome instanceof Failure));
    assert.deepEqual(
      outcome.map(({ name }) => name),
      ["a", "a-1"],
    );
    assert.equal(code(await bench.putAll(files, "replace")), "nameTaken");
    assert.equal(await textOf(bench, "a"), "1");
  }));

test("several that are replaced are the new ones", () =>
  withStore(async (bench) => {
    const files = (end: string) => [["a", `a${end}`] as const, ["b", `b${end}`] as const];
    await bench.putAll(files("1"));
    assert.ok(!((await bench.putAll(files("2"), "replace")) instanceof Failure));
    assert.deepEqual([await textOf(bench, "a"), await textOf(bench, "b")], ["a2", "b2"]);
  }));

test("nothing is written through links, into files, or over folders", () =>
  withStore(async (bench) => {
    await mkdir(join(bench.folder, "folder"));
    await writeFile(join(bench.folder, "file"), "");
    await symlink("/tmp", join(bench.folder, "out"));
    await symlink("folder", join(bench.folder, "in"));
    await symlink("nowhere", join(bench.folder, "dangling"));
    for (const how of ["reject", "replace", "same"] as const) {
      for (const name of ["folder", "file/a", "out/a", "in/a", "in", "out", "dangling"]) {
        assert.equal(code(await bench.put(name, "x", how)), "nameTaken", `${how} ${name}`);
      }
    }
    assert.equal(stored(await bench.put("folder", "x", "rename")).name, "folder-1");
  }));

for (const name of [
  "",
  ".",
  "..",
  "../a",
  "/a",
  "a/",
  "a//b",
  ".portico-a",
  ".portico-a/a",
  "a/.b",
]) {
  test(`${JSON.stringify(name)} names nothing`, () =>
    withStore(async (bench) => {
      assert.equal(code(await bench.put(name, "x", "replace")), "nameRefused");
      assert.equal(code(await bench.store.remove(name)), "nameRefused");
      assert.deepEqual(await bench.names(), []);
    }));
}

test("what is removed is gone, once, if the condition holds", () =>
  withStore(async (bench) => {
    stored(await bench.put("sub/a", "abc"));
    const refusing: Condition = () => new Failure("preconditionFailed");
    assert.equal(code(await bench.store.remove("sub/a", refusing)), "preconditionFailed");
    assert.equal(stored(await bench.store.remove("sub/a")).bytes, 3);
    assert.equal(code(await bench.store.remove("sub/a")), "notFound");
    assert.equal(code(await bench.store.remove("other/a")), "notFound");
    assert.equal(code(await bench.store.remove("sub")), "nameTaken");
    assert.deepEqual(await bench.names(), ["sub"]);
  }));
