// Random numbers that come again with their seed: mulberry32, good enough to choose mutations.

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
    this.below(1); // neighbouring seeds begin alike: leave the first step behind
  }

  /** An integer from 0 up to, not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}
