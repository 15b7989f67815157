// The CPU time of processes and of all that they start, those that have ended included, by a
// control group of their own. `/proc` knows what an ended process has run from its parent alone,
// and only if that waits for it: fcgiwrap ignores the signal, and its scripts' time is nobody's.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A place for groups, and the file in which one says what it has run. */
export interface Hierarchy {
  readonly folder: string;
  readonly version: 1 | 2;
}

const REMOVE_MS_MAX = 5000;

export class ControlGroup {
  readonly #folder: string;
  readonly #version: 1 | 2;

  private constructor(folder: string, version: 1 | 2) {
    this.#folder = folder;
    this.#version = version;
  }

  /** A new group; null where none can be made: that takes rights, and a kernel with groups. */
  static make(name: string): ControlGroup | null {
    const [mounts, groups] = ["mounts", "cgroup"].map((file) =>
      readFileSync(`/proc/self/${file}`, "utf8"),
    ) as [string, string];
    for (const { folder, version } of hierarchiesIn(mounts, groups)) {
      const group = new ControlGroup(path.join(folder, name), version);
      try {
        mkdirSync(group.#folder);
      } catch {
        continue; // read-only, or another's
      }
      try {
        group.microseconds();
        return group;
      } catch {
        rmdirSync(group.#folder); // its kernel has no such file
      }
    }
    return null;
  }

  /** Takes processes in, with all their threads. What they start from now on is in it as well. */
  add(pids: readonly number[]): void {
    for (const pid of pids) {
      try {
        writeFileSync(path.join(this.#folder, "cgroup.procs"), String(pid));
      } catch (error) {
        // ESRCH: a script of the warm-up, which has ended.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
  }

  /** What its processes have run since it was made. */
  microseconds(): number {
    if (this.#version === 1) {
      return Number(readFileSync(path.join(this.#folder, "cpuacct.usage"), "utf8")) / 1000;
    }
    return usageIn(readFileSync(path.join(this.#folder, "cpu.stat"), "utf8"));
  }

  /** Once its processes were ended: what they leave behind may take a moment. */
  async remove(): Promise<void> {
    for (const until = performance.now() + REMOVE_MS_MAX; ;) {
      try {
        return rmdirSync(this.#folder);
      } catch (error) {
        const isBusy = (error as NodeJS.ErrnoException).code === "EBUSY";
        if (!isBusy || performance.now() > until) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Where this process may have groups below its own, given its mounts and its groups. */
export function hierarchiesIn(mounts: string, groups: string): Hierarchy[] {
  return mounts.split("\n").flatMap((line): Hierarchy[] => {
    const [, folder = "", type, options = ""] = line.split(" ");
    const isV2 = type === "cgroup2";
    if (!isV2 && !(type === "cgroup" && options.split(",").includes("cpuacct"))) return [];
    const own = groups.split("\n").find((group) => {
      const [, controllers = ""] = group.split(":");
      return isV2 ? group.startsWith("0::") : controllers.split(",").includes("cpuacct");
    });
    if (own === undefined) return [];
    const below = own.split(":").slice(2).join(":");
    return [{ folder: path.join(folder, below), version: isV2 ? 2 : 1 }];
  });
}

/** The microseconds in a `cpu.stat`. */
export function usageIn(stat: string): number {
  const found = /^usage_usec (\d+)$/mu.exec(stat)?.[1];
  if (found === undefined) throw new Error(`no cpu.stat: ${JSON.stringify(stat)}`);
  return Number(found);
}
