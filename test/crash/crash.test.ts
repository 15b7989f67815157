import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/index.ts";
import { KnownFiles } from "./known-files.ts";
import { contentOf, sha256Of, type Op } from "./op.ts";
import { crashRounds } from "./rounds.ts";
import { startServer } from "./server-victim.ts";
import { startStore } from "./victim.ts";

test("what was acknowledged is whole after 50 kills, and nothing is half", () =>
  withTemporaryFolder(async (folder) => {
    const tally = await crashRounds(folder, startStore, { rounds: 50, seed: 4 });
    assert.ok(tally.acknowledged > 100 && tally.cutOff > 50, JSON.stringify(tally));
  }));

test("so it is of the whole program, stored to over HTTP", () =>
  withTemporaryFolder(async (folder) => {
    const options = { rounds: 5, seed: 4, inOne: true };
    const tally = await crashRounds(join(folder, "files"), startServer, options);
    assert.ok(tally.acknowledged > 20 && tally.cutOff > 5, JSON.stringify(tally));
  }));

const sha = (seed: number) => sha256Of(contentOf({ seed, bytes: 10 }));
const put = (how: "replace" | "rename", ...seeds: number[]): Op => ({
  kind: "put",
  how,
  files: seeds.map((seed) => ({ name: `f${seed}`, content: { seed, bytes: 10 } })),
});

function knowing(...seeds: number[]): KnownFiles {
  const known = new KnownFiles();
  known.begin(put("replace", ...seeds));
  known.acknowledged({ names: seeds.map((seed) => `f${seed}`) });
  return known;
}

const BAD: readonly (readonly [what: string, pending: Op | null, seen: [string, string][]])[] = [
  ["a file is lost", null, []],
  ["a file is torn", null, [["f1", "torn"]]],
  ["a file is another's", put("replace", 2, 3), [["f1", sha(2)]]],
  [
    "a file came from nowhere",
    null,
    [
      ["f1", sha(1)],
      ["x", sha(2)],
    ],
  ],
  [
    "one of two is there",
    put("replace", 2, 3),
    [
      ["f1", sha(1)],
      ["f2", sha(2)],
    ],
  ],
  [
    "one of two is there, numbered",
    put("rename", 2, 3),
    [
      ["f1", sha(1)],
      ["f2", sha(2)],
    ],
  ],
  ["what was acknowledged went with what was not", put("replace", 2), [["f2", sha(2)]]],
];
for (const [what, pending, seen] of BAD) {
  test(`the harness sees when ${what}`, () => {
    const known = knowing(1);
    if (pending !== null) known.begin(pending);
    assert.throws(() => known.settle(new Map(seen)), assert.AssertionError);
  });
}

test("the harness takes all of what was cut off, or nothing", () => {
  for (const count of [0, 2]) {
    const known = knowing(1);
    known.begin(put("rename", 2, 3));
    known.settle(new Map([1, 2, 3].slice(0, 1 + count).map((seed) => [`f${seed}`, sha(seed)])));
  }
});
