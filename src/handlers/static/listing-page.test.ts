import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedEntry } from "../../storage/index.ts";
import { listingPage, type Listing } from "./listing-page.ts";

function file(name: string, size = 1): ListedEntry {
  return { name, kind: "file", size, mtimeMs: 1_704_164_645_000 };
}

function folder(name: string): ListedEntry {
  return { name, kind: "folder", size: 4096, mtimeMs: 1_704_164_645_000 };
}

function page(listing: Partial<Listing>): string {
  const order = { by: "name", descending: false } as const;
  const bytes = listingPage({ path: "/", entries: [], order, hidden: 0, isCut: false, ...listing });
  return Buffer.from(bytes).toString();
}

test("an entry has its link, size and time", () => {
  const text = page({ entries: [folder("box"), file("a b.txt", 1536)] });
  assert.match(text, /<a href="\.\/box\/">box\/<\/a>/);
  assert.match(text, /<a href="\.\/a%20b\.txt">a b\.txt<\/a>/);
  assert.match(text, /<td class="size">1\.5 KiB<\/td>/);
  assert.match(text, /<time datetime="2024-01-02T03:04:05Z">2024-01-02 03:04<\/time>/);
  assert.match(text, /1 folder, 1 file, 1\.5 KiB\./);
});

for (const [name, href] of [
  ['"><script>alert(1)</script>', "./%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E"],
  ["javascript:alert(1)", "./javascript%3Aalert(1)"],
  ["//evil.example", "./%2F%2Fevil.example"],
  ["it's", "./it&#39;s"],
  ["a?b#c", "./a%3Fb%23c"],
  ["100%", "./100%25"],
  ["&lt;", "./%26lt%3B"],
] as const) {
  test(`a file called ${name} is a file of this folder, and no markup`, () => {
    const text = page({ entries: [file(name)] });
    assert.ok(text.includes(`<a href="${href}">`), text.slice(-900));
    assert.doesNotMatch(text.slice(text.indexOf("<main>")), /<script|<b>|href="[^.?"]/);
  });
}

test("a folder's path is text in title, heading and crumbs", () => {
  const text = page({ path: "/<b>/it's/<i>/" });
  assert.match(text, /<title>\/&lt;b&gt;\/it&#39;s\/&lt;i&gt;\/<\/title>/);
  assert.match(text, /<h1>&lt;i&gt;<\/h1>/);
  assert.match(text, /<a href="\.\.\/\.\.\/\.\.\/">Home<\/a>/);
  assert.match(text, /<a href="\.\.\/\.\.\/">&lt;b&gt;<\/a>/);
  assert.match(text, /<a href="\.\.\/">it&#39;s<\/a>/);
});

test("the first folder has none above", () => {
  assert.doesNotMatch(page({ path: "/" }), /\.\.\//);
});

test("the column that sorts says so, and its link turns the order", () => {
  const text = page({ order: { by: "size", descending: false } });
  assert.match(text, /aria-sort="ascending"><a href="\?sort=size&amp;order=desc">Size ↑</);
  assert.match(text, /scope="col"><a href="\?sort=name&amp;order=asc">Name</);
  const turned = page({ order: { by: "size", descending: true } });
  assert.match(turned, /aria-sort="descending"><a href="\?sort=size&amp;order=asc">Size ↓</);
});

test("an empty folder says that it is", () => {
  assert.match(page({}), /This folder is empty\./);
});

test("a page that does not show everything says so", () => {
  assert.match(page({ entries: [file("a")], hidden: 7 }), /The first 1; 7 more are not shown\./);
  assert.match(page({ entries: [file("a")], hidden: 7, isCut: true }), /; more than 7 are not/);
});
