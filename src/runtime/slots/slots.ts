// So many places for what is slow, whichever worker wants one.

/** One of the places. Nobody else has it until it is released, or its thread has ended. */
export interface Slot {
  /** From 0 up to, not including, the limit: the lowest that was free. */
  readonly index: number;
  /** The second time it does nothing. */
  release(): void;
}

export interface SlotBounds {
  /** How many there are. */
  readonly limit: number;
  /** How many may wait for one. */
  readonly queueMax: number;
}

export interface SlotWait {
  /** 0: now or not at all. */
  readonly waitMs: number;
  /** Ends the wait, as its deadline would. */
  readonly signal?: AbortSignal;
}

export interface Slots {
  /** One that is free, while nobody waits for it. */
  tryTake(): Slot | null;
  /**
   * One, in the order in which they were asked for; "full": too many wait already, "late": none
   * was free in time.
   */
  take(wait: SlotWait): Promise<Slot | "full" | "late">;
}

const ANY: Slot = { index: 0, release: () => undefined };

/** Where there is no bound: everybody has the one place at once. */
export const UNBOUND_SLOTS: Slots = {
  tryTake: () => ANY,
  take: () => Promise.resolve(ANY),
};
