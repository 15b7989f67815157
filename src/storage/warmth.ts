// Which stretches of a file were seen in memory, and when. The system does not forget so soon what
// was just read, and to ask it again costs a twentieth of sending it.

/** Stretches begin at multiples of this. */
export const STRETCH_BYTES = 1024 * 1024;

const WARM_MS = 500;

export class Warmth {
  readonly #size: number;
  readonly #seenMs: Float64Array;

  /** Of a file of `size` bytes, none of which was seen. */
  constructor(size: number) {
    this.#size = size;
    this.#seenMs = new Float64Array(Math.ceil(size / STRETCH_BYTES)).fill(-Infinity);
  }

  /** Whether all stretches around `length` bytes from `offset` were seen just before `nowMs`. */
  holds(offset: number, length: number, nowMs: number): boolean {
    const end = (offset + length) / STRETCH_BYTES;
    for (let at = Math.floor(offset / STRETCH_BYTES); at < end; at += 1) {
      const seenMs = this.#seenMs[at];
      if (seenMs === undefined || nowMs - seenMs >= WARM_MS) return false;
    }
    return true;
  }

  /** `length` bytes from `offset` were seen at `nowMs`. Only stretches that are whole count. */
  saw(offset: number, length: number, nowMs: number): void {
    const end = offset + length;
    const whole = end >= this.#size ? this.#seenMs.length : Math.floor(end / STRETCH_BYTES);
    for (let at = Math.ceil(offset / STRETCH_BYTES); at < whole; at += 1) this.#seenMs[at] = nowMs;
  }
}
