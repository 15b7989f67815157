// How many connections the process has descriptors for. Beyond them the system would drop clients
// without an answer, so a worker takes fewer and refuses the others in words.
import { readdirSync } from "node:fs";
import { descriptorLimit, openFilesMaxUnder } from "../storage/index.ts";

// For refused connections on their way out, and what a worker opens now and then.
const SPARE_PER_WORKER = 12;
// Fewer connections than these at once are no service.
const CONNECTIONS_MIN = 4;

export interface DescriptorBudget {
  /** Per worker; null: nobody knows of a limit. */
  readonly connectionsMax: number | null;
  /** What does not fit, in words that say what to do; null: all fits. */
  readonly shortage: string | null;
  /** Not even a few connections fit. */
  readonly tooFew: boolean;
}

/** How many files each of `workers` may keep open. */
export function openFilesMaxOf(workers: number, limit = descriptorLimit()): number {
  return openFilesMaxUnder(limit === null ? null : limit / workers);
}

/**
 * What is left for connections once `used` descriptors are open and each worker keeps its files.
 * `wanted` is `limits.connections` (0: no bound).
 */
export function descriptorBudget(
  workers: number,
  wanted: number,
  limit: number | null,
  used: number,
): DescriptorBudget {
  if (limit === null) return { connectionsMax: null, shortage: null, tooFew: false };
  const fixed = used + workers * (openFilesMaxOf(workers, limit) + SPARE_PER_WORKER);
  const connectionsMax = Math.max(0, Math.floor((limit - fixed) / workers));
  const tooFew = connectionsMax < CONNECTIONS_MIN;
  if (wanted > 0 && connectionsMax >= wanted) return { connectionsMax, shortage: null, tooFew };
  // Without a bound of their own, connections may take what there is.
  const shortage = wanted === 0 && !tooFew ? null : inWords(workers, wanted, limit, fixed);
  return { connectionsMax, shortage, tooFew };
}

function inWords(workers: number, wanted: number, limit: number, fixed: number): string {
  const needed = fixed + workers * Math.max(wanted, CONNECTIONS_MIN);
  const fits = Math.max(0, Math.floor((limit - fixed) / workers));
  const each = workers === 1 ? "" : ` in each of ${workers} workers`;
  return (
    `open files are limited to ${limit}: ${fits} connections at once fit${each}, ` +
    `limits.connections = ${wanted} needs ${needed}. Raise it with \`ulimit -n ${needed}\` ` +
    `(LimitNOFILE= in a unit of systemd), or lower limits.connections.`
  );
}

/** How many this process has open. */
export function openDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length - 1; // less the one that reads this folder
  } catch {
    return 64;
  }
}
