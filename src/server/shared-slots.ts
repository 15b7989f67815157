import { threadId } from "node:worker_threads";
import { SharedSlots, UNBOUND_SLOTS, type SlotMemories, type Slots } from "../runtime/index.ts";

type SlotMemory = NonNullable<ReturnType<SlotMemories["get"]>>;

/** A route's slots, for this thread; without bound where there is no memory for them. */
export function sharedSlots(memory: SlotMemory | undefined): Slots {
  return memory === undefined ? UNBOUND_SLOTS : new SharedSlots(memory, threadId);
}
