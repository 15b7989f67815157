// A program and those of its children that stay in its process group.
import { constants } from "node:os";
import { libc } from "./libc.ts";

type Signal = "SIGTERM" | "SIGKILL" | 0;

/** False: nobody is left in the group, or nobody who may be told (0: nothing is). */
export function signalGroup(pid: number, signal: Signal): boolean {
  const calls = libc();
  // A throw costs 8 µs, and a group that is gone is the rule.
  if (calls !== null) return calls.kill(-pid, signal === 0 ? 0 : constants.signals[signal]) === 0;
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH" || code === "EPERM") return false; // ended, or another user's by now
    throw error;
  }
}

const SIGNAL_NAMES = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** How a process ended, by what waitpid(2) says of it. */
export function howEnded(status: number): { status: number | null; signal: string | null } {
  const signal = status & 0x7f;
  if (signal === 0) return { status: (status >> 8) & 0xff, signal: null };
  return { status: null, signal: SIGNAL_NAMES.get(signal) ?? `signal ${signal}` };
}
