// Who a draft belongs to, told by its name: a process that is still there, or one that is gone.
//
//   .portico-BOOT.NAMESPACE.PID.START.THREAD-COUNTER      [.what it is beside the draft itself]
//
// A process id is given again; with its start time, in one boot and one namespace, it is not.
import { readFileSync, readlinkSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { OWN } from "./names.ts";

const DAY_MS = 24 * 3600 * 1000;
const NAME = new RegExp(
  String.raw`^\.portico-(?<boot>[0-9a-f]+)\.(?<space>\d+)\.(?<pid>\d+)\.(?<start>\d+)` +
    String.raw`\.\d+-\d+(?:\.[a-z]+)?$`,
  "u",
);

interface Owner {
  readonly boot: string;
  readonly space: string;
  readonly pid: string;
  readonly start: string;
}

const self: Owner = {
  boot: (orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1")) || "0")
    .replaceAll(/[^0-9a-f]/gu, "")
    .slice(0, 12),
  space: /\d+/u.exec(orEmpty(() => readlinkSync("/proc/self/ns/pid")))?.[0] ?? "0",
  pid: String(process.pid),
  start: startOf("self") ?? "0",
};
let counter = 0;

/** A name that no other draft has, of any thread, process or boot. */
export function ownName(): string {
  counter += 1;
  return `${OWN}${self.boot}.${self.space}.${self.pid}.${self.start}.${threadId}-${counter}`;
}

/**
 * Whether nobody will ever come back for what `ownName` named so, and what was last written
 * `ageMs` ago. `isLocal`: no other machine writes to that file system.
 */
export function isAbandoned(name: string, ageMs: number, isLocal: boolean): boolean {
  const owner = NAME.exec(name)?.groups as Owner | undefined;
  // Of another namespace, or another machine, nobody can tell: a day without a byte tells.
  if (owner === undefined || self.space === "0") return ageMs > DAY_MS;
  if (owner.boot !== self.boot) return isLocal || ageMs > DAY_MS;
  if (owner.space !== self.space) return ageMs > DAY_MS;
  return startOf(owner.pid) !== owner.start;
}

/** When a process began, in ticks since the boot; null: there is none. */
function startOf(pid: string): string | null {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, "latin1"));
  // The second field, the program's name, may hold blanks and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return stat === "" || fields[0] === "Z" ? null : (fields[19] ?? null);
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
