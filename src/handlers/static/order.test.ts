import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedEntry } from "../../storage/index.ts";
import { orderOf, sorted } from "./order.ts";

const ENTRIES: ListedEntry[] = [
  { name: "file10", kind: "file", size: 5, mtimeMs: 3 },
  { name: "file9", kind: "file", size: 5, mtimeMs: 1 },
  { name: "Alpha", kind: "file", size: 9, mtimeMs: 2 },
  { name: "zoo", kind: "folder", size: 4096, mtimeMs: 1 },
  { name: "box", kind: "folder", size: 8192, mtimeMs: 2 },
];

for (const [query, expected] of [
  ["", "box zoo Alpha file9 file10"],
  ["sort=name&order=asc", "box zoo Alpha file9 file10"],
  ["sort=name&order=desc", "zoo box file10 file9 Alpha"],
  ["sort=size", "box zoo file9 file10 Alpha"],
  ["sort=size&order=desc", "zoo box Alpha file9 file10"],
  ["sort=time", "zoo box file9 Alpha file10"],
  ["sort=time&order=desc", "box zoo file10 Alpha file9"],
  ["sort=__proto__&order=sideways", "box zoo Alpha file9 file10"],
  ["%zz&&&=;sort", "box zoo Alpha file9 file10"],
] as const) {
  test(`${JSON.stringify(query)} sorts ${expected}`, () => {
    const names = sorted(ENTRIES, orderOf(query)).map(({ name }) => name);
    assert.equal(names.join(" "), expected);
  });
}
