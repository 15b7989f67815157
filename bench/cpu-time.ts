// The CPU time of a server: all threads of all its processes, kernel work included.
//
// From `/proc/PID/task/TID/schedstat`, which counts nanoseconds; `stat` counts ticks of 10 ms. The
// kernel brings a running thread's count up to date at its next tick (4 ms) only, but a server that
// is asked nothing sleeps, and both readings are taken then. What a thread used is gone with it, so
// one that ended between two readings is an error and not a lower figure.
import { readdirSync } from "node:fs";
import { processTree, readProc } from "./process-tree.ts";

/** Nanoseconds that each thread has run, by its id. */
export type CpuTimes = ReadonlyMap<number, number>;

/** What the threads of `root` and its descendants have run so far. */
export function cpuTimes(root: number): CpuTimes {
  const times = new Map<number, number>();
  for (const pid of processTree(root)) {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const text = readProc(`${pid}/task/${thread}/schedstat`);
      if (text !== null) times.set(Number(thread), runTimeIn(text));
    }
  }
  return times;
}

/**
 * Nanoseconds between two readings. Throws when a thread ended meanwhile, unless threads `mayEnd`:
 * then what it ran is left out, to the favour of its server.
 */
export function cpuTimeBetween(before: CpuTimes, after: CpuTimes, mayEnd = false): number {
  const ended = [...before.keys()].filter((thread) => !after.has(thread));
  if (ended.length > 0 && !mayEnd)
    throw new Error(`threads ended while measured: ${ended.join(", ")}`);
  let total = 0;
  for (const [thread, time] of after) total += time - (before.get(thread) ?? 0);
  return total;
}

/** The first figure of a `schedstat`: nanoseconds on a CPU. */
export function runTimeIn(text: string): number {
  const [first] = /^\d+(?= \d+ \d+\n?$)/u.exec(text) ?? [];
  if (first === undefined) throw new Error(`no schedstat: ${JSON.stringify(text)}`);
  return Number(first);
}
