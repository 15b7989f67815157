// How the workers of a server come to their ends, and how long those of one that stops are waited
// for.
import type { Log } from "../base/log.ts";
import type { Order } from "./orders.ts";
import type { ServingPool } from "./serving-pool.ts";
import { withinMs } from "./within-ms.ts";

// A worker that has not drained so long after its deadline is stuck.
const DRAIN_GRACE_MS = 1000;
const CUT_MS = 500;

/** Requests under way are answered, up to `ms`; so are those of workers that were relieved. */
export async function drainWorkers(pool: ServingPool, ms: number): Promise<void> {
  const order: Order = { kind: "drain", withinMs: ms, gently: false };
  await withinMs(ms + DRAIN_GRACE_MS, Promise.all([pool.all(order), pool.left()]));
}

/** Whatever is under way is cut. */
export function cutWorkers(pool: ServingPool): Promise<void> {
  return withinMs(CUT_MS, pool.all({ kind: "cut" } satisfies Order));
}

/** Logs the death of one that was not asked to go. */
export function tellDeath(log: Log): (index: number, why: Error, retryMs: number) => void {
  return (index, why, retryMs) => {
    const when = retryMs === 0 ? "" : ` in ${retryMs / 1000} s`;
    log.error(`worker ${index + 1} died and is replaced${when}: ${why.message}`, why);
  };
}
