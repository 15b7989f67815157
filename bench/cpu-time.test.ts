import assert from "node:assert/strict";
import { test } from "node:test";
import { cpuTimeBetween, cpuTimes, runTimeIn } from "./cpu-time.ts";

test("the first figure of a schedstat is what ran", () => {
  assert.equal(runTimeIn("370996 12 1\n"), 370_996);
  assert.equal(runTimeIn("0 0 0\n"), 0);
});

for (const text of ["", "\n", "370996", "370996 1\n", "-1 0 1\n", "a 0 1\n", "1 2 3 4\n"]) {
  test(`${JSON.stringify(text)} is no schedstat`, () => assert.throws(() => runTimeIn(text)));
}

test("a thread that is new counts from its beginning", () => {
  const before = new Map([[1, 100]]);
  const after = new Map([
    [1, 150],
    [2, 7],
  ]);
  assert.equal(cpuTimeBetween(before, after), 57);
});

test("a thread that ended took its count along, so there is no sum", () => {
  const before = new Map([
    [1, 100],
    [2, 7],
  ]);
  assert.throws(() => cpuTimeBetween(before, new Map([[1, 150]])), /threads ended.*: 2$/u);
});

test("where threads come and go, those that went are left out", () => {
  const before = new Map([
    [1, 100],
    [2, 7],
  ]);
  assert.equal(cpuTimeBetween(before, new Map([[1, 150]]), true), 50);
});

test("this process's own threads have run, and run on", () => {
  const before = cpuTimes(process.pid);
  assert.ok(before.get(process.pid)! > 0);
  let sum = 0;
  // Until the kernel has brought the count up to date.
  for (;;) {
    for (let at = 0; at < 1e6; at += 1) sum += at;
    const after = cpuTimes(process.pid).get(process.pid)!;
    if (after > before.get(process.pid)!) break;
  }
  assert.ok(sum > 0);
});
