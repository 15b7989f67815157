import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryKiB, pssIn } from "./memory.ts";

test("the Pss line is taken, and none of those that begin like it", () => {
  const text = "00 ---p 00 [rollup]\nRss:     9000 kB\nPss:     7000 kB\nPss_Anon:     4000 kB\n";
  assert.equal(pssIn(text), 7000);
});

for (const text of ["", "Rss: 9 kB\n", "Pss_Anon: 9 kB\n", "SwapPss: 9 kB\n", "Pss: 9 MB\n"]) {
  test(`${JSON.stringify(text)} has no Pss`, () => assert.throws(() => pssIn(text)));
}

test("this process has some megabytes, and one that is not there nothing", () => {
  assert.ok(memoryKiB(process.pid) > 4096);
  assert.equal(memoryKiB(2 ** 22 + 1), 0);
});
