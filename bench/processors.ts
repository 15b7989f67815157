// Who runs where: servers have one core for themselves, and what loads and measures them another.
import { spawnSync } from "node:child_process";

export const SERVER_CPU = "0";
export const LOAD_CPU = "1";
export const BOTH_CPUS = "0,1";

/** `command`, kept to `cpus`. taskset becomes the command: its process id stays. */
export function pinned(cpus: string, command: readonly string[]): string[] {
  return ["taskset", "-c", cpus, ...command];
}

/** Keeps this process, with all its threads, off the servers' core. */
export function pinThisProcess(): void {
  spawnSync("taskset", ["-acp", LOAD_CPU, String(process.pid)]);
}
