// How the workers of a server that stops are brought to an end, and how long they are waited for.
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
