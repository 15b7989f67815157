// Leases of several names at once.
import { Failure } from "../../base/failure.ts";
import type { Leases, Locks } from "./options.ts";

const WAIT_MS = 10_000;

/** All of them; `busy` where they were not to be had in time. */
export async function takeLeases(
  names: readonly string[],
  locks: Locks,
): Promise<Leases | Failure<"busy">> {
  const wanted = names.map((name) => `file ${name}`);
  return (await locks.acquire(wanted, { waitMs: WAIT_MS })) ?? new Failure("busy", names.join());
}
