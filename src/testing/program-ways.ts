// The same cases for programs that are started natively, and by child_process.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { programWays } from "../runtime/index.ts";
import { ProgramBench } from "./program-notes.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

export type ProgramWay = "native" | "plain";

/** A test for each way. Behind it nothing runs, nothing waits to be reaped, nothing is open. */
export function forBothWays(
  name: string,
  body: (bench: ProgramBench, way: ProgramWay) => Promise<void>,
): void {
  for (const way of ["native", "plain"] as const) {
    test(`${way}: ${name}`, { timeout: 60_000 }, () => inWay(way, body));
  }
}

async function inWay(
  way: ProgramWay,
  body: (bench: ProgramBench, way: ProgramWay) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    programWays.native = way === "native";
    const bench = new ProgramBench(folder);
    try {
      await (await bench.start("/bin/true")).end(); // what a first start opens stays open
      const before = openDescriptors();
      await body(bench, way);
      assert.equal(bench.programs.running, 0);
      assert.deepEqual(zombies(), []);
      await until(() => openDescriptors() <= before);
    } finally {
      programWays.native = true;
    }
  });
}

/** Whether there is such a process, and not only its zombie. */
export function isAlive(pid: number): boolean {
  const [state] = statOf(pid);
  return state !== undefined && state !== "Z" && state !== "X";
}

/** Our children that ended and were not reaped. */
export function zombies(): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  return pids.map(Number).filter((pid) => {
    const [state, parent] = statOf(pid);
    return state === "Z" && Number(parent) === process.pid;
  });
}

/** What stands behind the name: state, parent, group, session … Empty: there is no such process. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)!.split(" ");
  } catch {
    return [];
  }
}

/** How many descriptors this process has. */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}
