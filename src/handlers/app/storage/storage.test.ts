import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig, table } from "../../../config/index.ts";
import {
  exchangeOf,
  PieceBody,
  pngWith,
  refused,
  roomContext,
  withStorage,
  withTemporaryFolder,
} from "../../../testing/index.ts";
import { partsOf, type Part } from "../parts/index.ts";
import { prepareStorage, storage } from "./options.ts";
import type { Source } from "./source.ts";
import { missingStorage, storageOf, type PutOptions } from "./storage.ts";

const PNG = pngWith();

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A file of a form. */
async function partOf(filename: string, content: Uint8Array, type = ""): Promise<Part> {
  const disposition = `form-data; name="f"; filename="${filename}"`;
  const form = Buffer.concat([
    Buffer.from(`--B\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${type}\r\n\r\n`),
    content,
    Buffer.from("\r\n--B--"),
  ]);
  const fields = { "content-type": "multipart/form-data; boundary=B" };
  const exchange = exchangeOf({ method: "POST", fields, body: PieceBody.of(form, 999) });
  const bounds = { max: 9, headerBytes: 9999, fieldBytes: 9999, fileBytes: undefined };
  return (await partsOf(exchange, bounds).next()).value!;
}

async function* slowly(
  ...pieces: readonly (Uint8Array | string)[]
): AsyncGenerator<Uint8Array | string> {
  for (const piece of pieces) {
    await new Promise((resolve) => setImmediate(resolve));
    yield piece;
  }
}

const TEXT = "naïve";
const SOURCES: readonly [what: string, make: () => Promise<Source>][] = [
  ["a text", async () => TEXT],
  ["bytes", async () => Buffer.from(TEXT)],
  ["an array buffer", async () => Uint8Array.from(Buffer.from(TEXT)).buffer],
  ["a blob", async () => new Blob([TEXT])],
  ["a stream", async () => new Blob([TEXT]).stream() as ReadableStream<Uint8Array>],
  ["an iteration", async () => slowly(Buffer.from("na"), "ïve")],
  ["a part", () => partOf("x", Buffer.from(TEXT))],
];
for (const [what, make] of SOURCES) {
  test(`${what} is stored, and told as it is`, () =>
    withStorage("", async (one, folder) => {
      const stored = await one.put("a.txt", await make());
      const expected = { name: "a.txt", size: 6, type: "text/plain", sha256: sha256(TEXT) };
      assert.deepEqual(stored, expected);
      assert.equal(await readFile(join(folder, "a.txt"), "utf8"), TEXT);
      assert.equal((await stat(join(folder, "a.txt"))).mode & 0o777, 0o640);
    }));
}

const OWN_NAMES: readonly [filename: string, expected: RegExp][] = [
  ["a.png", /^a\.png$/],
  ["../../etc/passwd", /^passwd$/],
  ["C:\\me\\a.png", /^a\.png$/],
  ["a%2Fb", /^a_b$/],
  [".htaccess", /^htaccess$/],
  ["", /^upload_\d{8}_\d{6}_[a-z0-9]{6}\.png$/],
  ["...", /^upload_\d{8}_\d{6}_[a-z0-9]{6}\.png$/],
];
for (const [filename, expected] of OWN_NAMES) {
  test(`a part that is called ${JSON.stringify(filename)} gets a safe name`, () =>
    withStorage("", async (one, folder) => {
      const { name } = await one.put(null, await partOf(filename, PNG));
      assert.match(name, expected);
      assert.deepEqual(await readdir(folder), [name]);
    }));
}

test("bytes without a name get a fresh one, of their type", () =>
  withStorage("", async (one) => {
    assert.match((await one.put(null, PNG)).name, /^upload_.*\.png$/);
  }));

const CONFLICTS: readonly [route: string, how: PutOptions, text: string, outcome: string][] = [
  ["", {}, "second", "a-1.txt"],
  ['onConflict = "replace"', {}, "second", "a.txt"],
  ['onConflict = "reject"', {}, "first", "nameTaken"],
  ['onConflict = "same"', {}, "first", "a.txt"],
  ['onConflict = "same"', {}, "second", "nameTaken"],
  ["", { onConflict: "reject" }, "second", "nameTaken"],
  ['onConflict = "reject"', { onConflict: "replace" }, "second", "a.txt"],
];
for (const [route, how, text, outcome] of CONFLICTS) {
  test(`under ${route || "rename"}, ${JSON.stringify(how)}: ${text} is ${outcome}`, () =>
    withStorage(route, async (one) => {
      await one.put("a.txt", "first");
      const second = one.put("a.txt", text, how);
      if (outcome === "nameTaken") await assert.rejects(second, refused(outcome));
      else assert.equal((await second).name, outcome);
    }));
}

test("what was put is there at once, and what was deleted is not", () =>
  withStorage("", async (one) => {
    assert.equal(await one.get("sub/a.txt"), null);
    await one.put("sub/a.txt", "first");
    assert.equal(await one.has("sub/a.txt"), true);
    assert.equal(await one.has("sub"), false);
    assert.equal((await one.get("sub/a.txt"))!.size, 5);
    await one.put("sub/a.txt", "another", { onConflict: "replace" });
    assert.equal((await one.get("sub/a.txt"))!.size, 7);
    assert.equal(await one.delete("sub/a.txt"), true);
    assert.equal(await one.delete("sub/a.txt"), false);
    assert.equal(await one.get("sub/a.txt"), null);
  }));

test("a folder is listed by name, without what is not its own", () =>
  withStorage("", async (one, folder) => {
    for (const name of ["b.txt", "a.txt", "sub/c.txt"]) await one.put(name, name);
    await symlink("/etc/hostname", join(folder, "out"));
    const seen = (await one.list()).map(({ name, kind }) => [name, kind]);
    assert.deepEqual(seen, [
      ["a.txt", "file"],
      ["b.txt", "file"],
      ["sub", "folder"],
    ]);
    assert.deepEqual(
      (await one.list("sub")).map(({ name }) => name),
      ["sub/c.txt"],
    );
    assert.deepEqual(await one.list("none"), []);
    await assert.rejects(one.get("out"), refused("forbidden"));
  }));

test("a decomposed name is the composed one", () =>
  withStorage("", async (one) => {
    assert.equal((await one.put("e\u0301", "x")).name, "é");
    assert.equal((await one.get("e\u0301"))!.name, "é");
    assert.equal(await one.delete("e\u0301"), true);
  }));

test("an app of a route without storage is told so", () => {
  assert.equal(storageOf(undefined, roomContext()), null);
  assert.throws(missingStorage, /has no storage: give it/);
});

test("a folder that can't be written to is found before the server starts", () =>
  withTemporaryFolder(async (folder) => {
    const { stores } = roomContext();
    const text = `storage = { to = ${JSON.stringify(join(folder, "file", "sub"))} }`;
    const loaded = loadConfig(text, "app.toml", table({ storage }));
    assert.ok(!Array.isArray(loaded));
    await writeFile(join(folder, "file"), "");
    assert.match((await prepareStorage(loaded.value.storage, stores)) ?? "", /ENOTDIR/);
    assert.equal(await prepareStorage(undefined, stores), null);
  }));
