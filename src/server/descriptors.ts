// How many connections the process has descriptors for. Beyond them the system would drop clients
// without an answer, so a worker takes fewer and refuses the others in words.
import { readdirSync } from "node:fs";
import type { Log } from "../base/log.ts";
import { descriptorLimit, openFilesMaxUnder } from "../storage/index.ts";

// For refused connections on their way out, and what a worker opens now and then.
const SPARE_PER_WORKER = 12;
// What the main thread has open, and what a worker takes to begin with and a few connections.
const DESCRIPTORS_OF_MAIN = 32;
const DESCRIPTORS_OF_WORKER = 48;
// Fewer connections than these at once are no service.
const CONNECTIONS_MIN = 4;
const CONNECTIONS_MANY = 512;

/** Read once, early: later there may be no descriptor left to read it with. */
export const DESCRIPTOR_LIMIT = descriptorLimit();

export interface DescriptorBudget {
  /** Per worker; null: nobody knows of a limit. */
  readonly connectionsMax: number | null;
  /** What does not fit, in words that say what to do; null: all fits. */
  readonly shortage: string | null;
  /** Not even a few connections fit. */
  readonly tooFew: boolean;
}

/** How many workers `limit` has room for, with connections enough to be of use. */
export function workersWithin(limit: number | null): number {
  if (limit === null) return Infinity;
  return Math.max(1, Math.floor((limit - DESCRIPTORS_OF_MAIN) / DESCRIPTORS_OF_WORKER));
}

/** How many files each of `workers` may keep open. */
export function openFilesMaxOf(workers: number, limit = DESCRIPTOR_LIMIT): number {
  return openFilesMaxUnder(limit === null ? null : limit / workers);
}

/**
 * What is left for connections once `used` descriptors are open and each worker keeps its files.
 * `wanted` is `limits.connections` (0: no bound).
 */
export function descriptorBudget(
  workers: number,
  wanted: number,
  used: number,
  limit: number | null = DESCRIPTOR_LIMIT,
): DescriptorBudget {
  if (limit === null) return { connectionsMax: null, shortage: null, tooFew: false };
  const left = limit - keptFor(workers, limit, used);
  const connectionsMax = Math.max(0, Math.floor(left / workers));
  const tooFew = connectionsMax < CONNECTIONS_MIN;
  // Without a bound of their own, connections may take what there is.
  const isEnough = wanted === 0 ? !tooFew : connectionsMax >= wanted;
  if (isEnough) return { connectionsMax, shortage: null, tooFew };
  const needed = limitFor(workers, Math.max(wanted, CONNECTIONS_MIN), used);
  const each = workers === 1 ? "" : ` in each of ${workers} workers`;
  const shortage =
    `open files are limited to ${limit}: ${connectionsMax} connections at once fit${each}, ` +
    `limits.connections = ${wanted} needs ${needed}. Raise it with \`ulimit -n ${needed}\` ` +
    `(LimitNOFILE= in a unit of systemd), or lower ` +
    (tooFew
      ? `\`workers\`: a few connections need ${leastFor(workers, used)} now.`
      : `limits.connections.`);
  return { connectionsMax, shortage, tooFew };
}

/** Tells `log` of a shortage; one that leaves room for many, in a low voice. */
export function tellShortage({ connectionsMax, shortage }: DescriptorBudget, log: Log): void {
  if (shortage === null) return;
  // More than the clients of a small machine: no reason for a word at every start.
  if ((connectionsMax ?? 0) >= CONNECTIONS_MANY) log.debug(shortage);
  else log.warn(shortage);
}

function leastFor(workers: number, used: number): number {
  return limitFor(workers, CONNECTIONS_MIN, used);
}

/** What is not for connections. */
function keptFor(workers: number, limit: number, used: number): number {
  return used + workers * (openFilesMaxOf(workers, limit) + SPARE_PER_WORKER);
}

/** The limit under which `wanted` connections fit in each worker. */
function limitFor(workers: number, wanted: number, used: number): number {
  let limit = 0;
  // A higher limit lets more files be kept open, up to a bound.
  for (;;) {
    const needed = keptFor(workers, limit, used) + workers * wanted;
    if (needed <= limit) return limit;
    limit = needed;
  }
}

/** How many this process has open. */
export function openDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length - 1; // less the one that reads this folder
  } catch {
    return 64;
  }
}
