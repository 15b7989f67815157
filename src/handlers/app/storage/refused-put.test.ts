import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { inspect } from "node:util";
import { pngWith, refused, withStorage } from "../../../testing/index.ts";
import type { Source } from "./source.ts";
import type { PutOptions } from "./storage.ts";

const PNG = pngWith();

async function* slowly(
  ...pieces: readonly (Uint8Array | string)[]
): AsyncGenerator<Uint8Array | string> {
  for (const piece of pieces) {
    await new Promise((resolve) => setImmediate(resolve));
    yield piece;
  }
}

for (const source of [
  null,
  undefined,
  1,
  {},
  ["a"],
  slowly(1 as never),
  slowly("a", null as never),
]) {
  test(`${inspect(source)} is no source, and leaves nothing`, () =>
    withStorage("", async (one, folder) => {
      await assert.rejects(one.put("a.txt", source as never), TypeError);
      assert.deepEqual(await readdir(folder), []);
    }));
}

test("what a source throws is thrown, and leaves nothing", () =>
  withStorage("", async (one, folder) => {
    const broken = (async function* () {
      yield "some";
      throw new RangeError("broken");
    })();
    await assert.rejects(one.put("a.txt", broken), RangeError);
    assert.deepEqual(await readdir(folder), []);
  }));

const BAD_NAMES = [
  "",
  "/",
  "a/",
  "/a",
  "..",
  "../a",
  "a/../b",
  ".a",
  "a\0",
  "a\\b",
  "a%2Fb",
  "nul",
];
for (const name of BAD_NAMES) {
  test(`${JSON.stringify(name)} is no name: it is refused, and nothing is there`, () =>
    withStorage("", async (one, folder) => {
      await assert.rejects(one.put(name, "x"), refused("nameRefused"));
      assert.equal(await one.get(name), null);
      assert.equal(await one.has(name), false);
      assert.equal(await one.delete(name), false);
      if (name !== "") assert.deepEqual(await one.list(name), []);
      assert.deepEqual(await readdir(folder), []);
    }));
}

const HTML = "<!doctype html><script>";
const REFUSALS: readonly [string, string, Source, PutOptions & { name?: string }, string][] = [
  ["too large", 'fileBytes = "4 B"', "12345", {}, "fileTooLarge"],
  ["too large in the end", 'fileBytes = "4 B"', slowly("123", "45"), {}, "fileTooLarge"],
  ["beyond the quota", 'quota = "4 B"', "12345", {}, "quotaExceeded"],
  ["beyond the quota in the end", 'quota = "4 B"', slowly("123", "45"), {}, "quotaExceeded"],
  ["beyond the disk", 'freeBytes = "8000 TiB"', "1", {}, "storageFull"],
  [
    "HTML that is called a picture",
    'accept = ["image/*"]',
    HTML,
    { name: "a.png" },
    "typeNotAccepted",
  ],
  [
    "HTML that is said to be a picture",
    'accept = ["image/*"]',
    HTML,
    { type: "image/png" },
    "typeNotAccepted",
  ],
  [
    "a picture that is called a script",
    'accept = ["image/*"]',
    PNG,
    { name: "a.php" },
    "typeNotAccepted",
  ],
  [
    "a picture that is said to be text",
    'accept = ["image/*"]',
    PNG,
    { type: "text/html" },
    "typeNotAccepted",
  ],
  ["nothing", 'accept = ["image/*"]', "", {}, "typeNotAccepted"],
];
for (const [what, toml, source, { name = "a", ...how }, code] of REFUSALS) {
  test(`${what} is ${code}, and leaves nothing`, () =>
    withStorage(toml, async (one, folder) => {
      await assert.rejects(one.put(name, source, how), refused(code));
      assert.deepEqual(await readdir(folder), []);
    }));
}
