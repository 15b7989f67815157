// A thread's slots of one route: it waits, with a deadline, and gives up.
import { threadId } from "node:worker_threads";
import { SlotBoard, slotMemory, type SlotMemory } from "./slot-board.ts";
import type { Slot, SlotBounds, Slots, SlotWait } from "./slots.ts";

// What is longer, setTimeout takes for a millisecond.
const TIMER_MS_MAX = 2 ** 31 - 1;

export class SharedSlots implements Slots {
  readonly #board: SlotBoard;

  /** `owner`: the id of this thread. */
  constructor(memory: SlotMemory, owner: number = threadId) {
    this.#board = new SlotBoard(memory, owner);
  }

  tryTake(): Slot | null {
    const index = this.#board.tryTake();
    return index < 0 ? null : new HeldSlot(this.#board, index);
  }

  take(wait: SlotWait): Promise<Slot | "full" | "late"> {
    if (wait.signal?.aborted === true) return Promise.resolve("late");
    const slot = this.tryTake();
    if (slot !== null) return Promise.resolve(slot);
    if (!(wait.waitMs > 0)) return Promise.resolve("late");
    const entry = this.#board.enqueue();
    return entry < 0 ? Promise.resolve("full") : this.#await(entry, wait);
  }

  #await(entry: number, { waitMs, signal }: SlotWait): Promise<Slot | "late"> {
    const board = this.#board;
    let isSettled = false;
    return new Promise((resolve) => {
      const settle = (outcome: Slot | "late"): void => {
        isSettled = true;
        clearTimeout(late);
        signal?.removeEventListener("abort", giveUp);
        resolve(outcome);
      };
      const giveUp = (): void => {
        settle("late");
        board.leave(entry);
      };
      const look = (): void => {
        while (!isSettled) {
          const index = board.pickUp(entry);
          if (index >= 0) return settle(new HeldSlot(board, index));
          const change = board.change(entry);
          if (change !== null) return void change.then(look);
        }
      };
      const late = waitMs <= TIMER_MS_MAX ? setTimeout(giveUp, waitMs) : undefined;
      signal?.addEventListener("abort", giveUp);
      look();
    });
  }
}

class HeldSlot implements Slot {
  readonly index: number;
  #board: SlotBoard | null;

  constructor(board: SlotBoard, index: number) {
    this.#board = board;
    this.index = index;
  }

  release(): void {
    const board = this.#board;
    this.#board = null;
    board?.release(this.index);
  }
}

/** Those of a server without workers. */
export function slotsWithoutWorkers({ limit, queueMax }: SlotBounds): Slots {
  const memory = slotMemory();
  new SlotBoard(memory, threadId).setBounds(limit, queueMax);
  return new SharedSlots(memory);
}
