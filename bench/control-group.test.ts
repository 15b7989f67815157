import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { ControlGroup, hierarchiesIn, usageIn } from "./control-group.ts";

const V2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n";
const V1 = "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n";
const CASES = [
  { mounts: V2, groups: "0::/\n", found: [{ folder: "/sys/fs/cgroup/", version: 2 }] },
  { mounts: V2, groups: "0::/a/b\n", found: [{ folder: "/sys/fs/cgroup/a/b", version: 2 }] },
  {
    mounts: V1,
    groups: "3:cpu,cpuacct:/a:b\n",
    found: [{ folder: "/sys/fs/cgroup/cpu,cpuacct/a:b", version: 1 }],
  },
  { mounts: V1, groups: "3:cpuset:/\n", found: [] },
  { mounts: V1.replaceAll("acct", "set"), groups: "3:cpuacct:/\n", found: [] },
  { mounts: V2, groups: "3:cpuacct:/\n", found: [] },
  { mounts: "proc /proc proc rw 0 0\n", groups: "0::/\n", found: [] },
  { mounts: "", groups: "", found: [] },
];
for (const { mounts, groups, found } of CASES) {
  test(`${JSON.stringify(mounts)} with ${JSON.stringify(groups)} has ${found.length}`, () => {
    assert.deepEqual(hierarchiesIn(mounts, groups), found);
  });
}

test("usage is in microseconds", () => {
  assert.equal(usageIn("usage_usec 1234\nuser_usec 1000\nsystem_usec 234\n"), 1234);
});

for (const text of ["", "usage_usec\n", "usage_usec -1\n", "nr_usage_usec 1\n"]) {
  test(`${JSON.stringify(text)} is no cpu.stat`, () => assert.throws(() => usageIn(text)));
}

const group = ControlGroup.make(`portico-test-${process.pid}`);
const skip = group === null && "no control group can be made here";

test("what has ended is counted, though nobody waited for it", { skip }, async () => {
  // It waits to be in the group. What it then starts, with the signal ignored, nobody waits for.
  const loop = 'i=0; while [ "$i" -lt 100000 ]; do i=$((i + 1)); done';
  const shell = spawn("sh", ["-c", `read line; trap '' CHLD; sh -c '${loop}'; :`]);
  group!.add([shell.pid!]);
  const before = group!.microseconds();
  shell.stdin.end("go\n");
  await once(shell, "exit");
  const ran = group!.microseconds() - before;
  await group!.remove();
  assert.ok(ran > 5000, `${ran} µs, and counting so far takes longer`);
});

test("a process that has ended can be taken in, and counts for nothing", { skip }, async () => {
  const own = ControlGroup.make(`portico-test-${process.pid}-ended`)!;
  const child = spawn("true");
  await once(child, "exit");
  own.add([child.pid!]);
  assert.equal(own.microseconds(), 0);
  await own.remove();
  await assert.rejects(own.remove(), /ENOENT/u);
});
