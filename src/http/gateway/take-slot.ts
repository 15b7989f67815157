// A slot: a place among the requests that programs answer at once, in the whole server. Who is one
// too many is told to come again.
import { Failure } from "../../base/failure.ts";
import type { Slot, Slots } from "../../runtime/index.ts";
import { RETRY_AFTER_S } from "./failures.ts";

/** Takes one of `slots`, or says why not: too many wait, it took too long, the client is gone. */
export async function takeSlot(
  slots: Slots,
  { queueWait }: { readonly queueWait: number },
  gone: AbortSignal,
): Promise<Slot | Failure> {
  if (gone.aborted) return new Failure("clientGone");
  const slot = slots.tryTake() ?? (await slots.take({ waitMs: queueWait, signal: gone }));
  if (gone.aborted) {
    if (typeof slot !== "string") slot.release();
    return new Failure("clientGone");
  }
  if (typeof slot !== "string") return slot;
  const why = slot === "full" ? "too many wait" : `it waited ${queueWait / 1000} s`;
  return new Failure("programBusy", why, [["Retry-After", RETRY_AFTER_S]]);
}
