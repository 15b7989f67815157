import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { page } from "./page.ts";

const VERSIONS = new Map([
  ["portico", "0.1.0 (abc)"],
  ["nginx", "1.22.1"],
]);
const CIRCUMSTANCES = { date: "2026-11-21", rounds: 5, seconds: 2, versions: VERSIONS };
const row = { name: "1kb", title: "1 KB file", unit: "µs" };
const figures = new Map([
  ["nginx", 16],
  ["portico", 8],
]);

test("a page says who was measured, when, how, and what came out", () => {
  const text = page([{ row, runs: [figures] }], { ...CIRCUMSTANCES, runs: 1 });
  assert.match(text, /2026-11-21.*portico 0\.1\.0 \(abc\) · nginx 1\.22\.1\./u);
  assert.match(text, /5 rounds of 2 s/u);
  assert.match(text, /\| µs \| 8\.00 \| 16\.0 \| 0\.50 \| 0\.50 \|\n$/u);
});

test("several runs are shown each", () => {
  const text = page([{ row, runs: [figures, figures] }], { ...CIRCUMSTANCES, runs: 2 });
  assert.match(text, /\| `1kb` \| 0\.50 \| 0\.50 \|\n$/u);
});

test("no page knows the machine's name or its folders", () => {
  const text = page([], { ...CIRCUMSTANCES, runs: 1 });
  assert.ok(!text.includes(import.meta.dirname));
  assert.doesNotMatch(text, new RegExp(`\\b${RegExp.escape(hostname())}\\b.*cores`, "u"));
});
