export { SharedSlots, slotsWithoutWorkers } from "./shared-slots.ts";
export { SLOTS_MAX, WAITING_MAX, type SlotMemory } from "./slot-board.ts";
export { SlotTables, type SlotMemories } from "./slot-tables.ts";
export { UNBOUND_SLOTS, type Slot, type SlotBounds, type Slots, type SlotWait } from "./slots.ts";
