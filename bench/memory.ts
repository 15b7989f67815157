// The memory of a server: proportional set size, so that a page that master and worker share is
// counted once. What the kernel holds for a socket is the same for every server, and not in it.
import { processTree, readProc } from "./process-tree.ts";

/** KiB that `root` and its descendants have in memory. */
export function memoryKiB(root: number): number {
  let total = 0;
  for (const pid of processTree(root)) {
    const text = readProc(`${pid}/smaps_rollup`);
    if (text !== null) total += pssIn(text);
  }
  return total;
}

/** The KiB of the `Pss:` line. */
export function pssIn(text: string): number {
  const pss = /^Pss:\s+(\d+) kB$/mu.exec(text)?.[1];
  if (pss === undefined) throw new Error("no Pss in smaps_rollup");
  return Number(pss);
}
