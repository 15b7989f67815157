import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { descendants, parentIn, processTree, readProc } from "./process-tree.ts";

const STATS = [
  { stat: "7 (nginx) S 3 7 7 0 -1", parent: 3 },
  { stat: "7 (a b) S 3 7", parent: 3 },
  { stat: "7 (a) R 9 (b)) S 3 7", parent: 3 },
  { stat: "7 () R 0 0 0", parent: 0 },
];
for (const { stat, parent } of STATS) {
  test(`the parent in ${stat} is ${parent}`, () => assert.equal(parentIn(stat), parent));
}

for (const stat of ["", "7", "7 (a)", "7 (a) S", "7 (a) S ", "7 (a) S x"]) {
  test(`${JSON.stringify(stat)} is no stat`, () => assert.throws(() => parentIn(stat)));
}

test("a tree has grandchildren, and nobody else's", () => {
  const parents = new Map([
    [5, 4],
    [4, 2],
    [3, 1],
    [2, 1],
    [1, 0],
  ]);
  assert.deepEqual(descendants(2, parents), [2, 4, 5]);
  assert.deepEqual(descendants(3, parents), [3]);
  assert.deepEqual(descendants(9, parents), [9]);
});

test("a process that runs is found below its parent, and one that ended is not read", async () => {
  const child = spawn("sleep", ["1000"]);
  const pid = child.pid!;
  assert.ok(processTree(process.pid).includes(pid));
  assert.ok(!processTree(pid).includes(process.pid));
  child.kill();
  await new Promise((resolve) => child.on("exit", resolve));
  assert.ok(!processTree(process.pid).includes(pid));
  assert.equal(readProc(`${pid}/stat`), null);
});
