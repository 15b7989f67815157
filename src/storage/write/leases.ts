// Leases of several names: in one order, so that no two writers wait for each other.
import { Failure } from "../../base/failure.ts";
import type { Locks } from "./options.ts";

const WAIT_MS = 10_000;

export interface Leases {
  release(): void;
}

/** All of them; `busy` where one was not to be had in time. */
export async function takeLeases(
  names: readonly string[],
  locks: Locks,
): Promise<Leases | Failure<"busy">> {
  const held: Leases[] = [];
  const leases: Leases = {
    release: () => {
      for (const lease of held) lease.release();
    },
  };
  try {
    for (const name of [...new Set(names)].toSorted()) {
      const lease = await locks.acquire(`file ${name}`, { waitMs: WAIT_MS });
      if (lease === null) {
        leases.release();
        return new Failure("busy", name);
      }
      held.push(lease);
    }
    return leases;
  } catch (error) {
    leases.release();
    throw error;
  }
}
