import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

const DEMO = new URL("../../examples/demo/", import.meta.url);
const BYTES_MAX = 6 * 1024 * 1024;
const FILE_BYTES_MAX = 2 * 1024 * 1024;

/** Where its forms are sent. */
const TAKEN = ["/uploads/", "/guests/"];

/** Where the routes of the demo's config look; any other path is looked up in `public`. */
const FOLDERS: Readonly<Record<string, string>> = {
  "/pictures/": "pictures/",
  "/clips/": "clips/",
  "/files/": "files/",
  "/download/": "files/",
  "/old/": "files/",
};

// What was uploaded to it is nobody's to clone.
const files = globSync("**", {
  cwd: DEMO,
  withFileTypes: true,
  exclude: ({ name }) => name === "var",
}).filter((entry) => entry.isFile());
const pages = globSync("public/**/*.{html,css,js,svg}", { cwd: DEMO });

test("the demo is small enough to be cloned gladly", () => {
  const sizes = files.map((entry) => statSync(`${entry.parentPath}/${entry.name}`).size);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= BYTES_MAX);
  assert.ok(sizes.every((size) => size <= FILE_BYTES_MAX));
});

for (const page of pages) {
  const text = readFileSync(new URL(page, DEMO), "utf8");

  test(`${page} asks no other server for anything`, () => {
    const foreign = text.replaceAll("http://www.w3.org/", "").match(/\/\/[\w.-]+\.\w+\/[^\s"']*/gu);
    assert.deepEqual(foreign, null);
  });

  test(`what ${page} links is there`, () => {
    const links = text.matchAll(/(?:href|src|srcset|poster|action)="(\/[^"]*)"/gu);
    const dead = [...links].map(([, link]) => link!).filter((link) => !leadsSomewhere(link));
    assert.deepEqual(dead, []);
  });

  test(`every picture on ${page} has an alternative text and a size`, () => {
    const pictures = text.match(/<img\b[^>]*>/gu) ?? [];
    const whole = (tag: string) => /\balt="/u.test(tag) && /\bwidth="\d+" height=/u.test(tag);
    const bare = pictures.filter((tag) => !whole(tag));
    assert.deepEqual(bare, []);
  });
}

for (const packed of globSync("public/**/*.{zst,br,gz}", { cwd: DEMO })) {
  test(`${packed} holds what its file holds (else: node examples/demo/make/compress.ts)`, () => {
    const bytes = readFileSync(new URL(packed, DEMO));
    const unpack = packed.endsWith(".zst")
      ? zstdDecompressSync
      : packed.endsWith(".br")
        ? brotliDecompressSync
        : gunzipSync;
    const plain = readFileSync(new URL(packed.replace(/\.\w+$/u, ""), DEMO));
    assert.ok(unpack(bytes).equals(plain));
  });
}

function leadsSomewhere(link: string): boolean {
  const path = decodeURIComponent(link);
  if (path === "/hello" || TAKEN.includes(path) || /^\/atlas\/[\w-]+$/u.test(path)) return true;
  const script = /^\/(cgi-bin\/[^/]+)\//u.exec(path)?.[1];
  if (script !== undefined) return existsSync(new URL(script, DEMO));
  const prefix = Object.keys(FOLDERS).find((folder) => path.startsWith(folder));
  const file =
    prefix === undefined ? `public${path}` : FOLDERS[prefix]! + path.slice(prefix.length);
  if (!existsSync(new URL(encodeURI(file), DEMO))) return false;
  const listed = prefix === "/files/" || prefix === "/old/";
  return !file.endsWith("/") || listed || existsSync(new URL(`${file}index.html`, DEMO));
}
