// A server's processes: the one that was started, and all that it started.
import { readdirSync, readFileSync } from "node:fs";

/** `root` and what descends from it. */
export function processTree(root: number): number[] {
  return descendants(root, readParents());
}

/** `root` and all whose line of parents leads to it. */
export function descendants(root: number, parents: ReadonlyMap<number, number>): number[] {
  const tree = [root];
  // The list grows while it is walked.
  for (const parent of tree) {
    for (const [pid, itsParent] of parents) {
      if (itsParent === parent && !tree.includes(pid)) tree.push(pid);
    }
  }
  return tree;
}

/** The parent's id in a `/proc/PID/stat`. The name before it may hold blanks and parentheses. */
export function parentIn(stat: string): number {
  const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const pid = Number(parent);
  if (!Number.isInteger(pid) || parent === "") throw new Error(`no stat of a process: ${stat}`);
  return pid;
}

/** The file below `/proc`; null when its process has ended. */
export function readProc(file: string): string | null {
  try {
    return readFileSync(`/proc/${file}`, "utf8");
  } catch (error) {
    // ESRCH: it ended between opening and reading.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

function readParents(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/u.test(name)) continue;
    const stat = readProc(`${name}/stat`);
    if (stat !== null) parents.set(Number(name), parentIn(stat));
  }
  return parents;
}
