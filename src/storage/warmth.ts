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

  /** Whether the stretch around `offset` was seen in memory a moment before `nowMs`. */
  holds(offset: number, nowMs: number): boolean {
    const seenMs = this.#seenMs[Math.floor(offset / STRETCH_BYTES)];
    return seenMs !== undefined && nowMs - seenMs < WARM_MS;
  }

  /** `length` bytes from `offset` were seen at `nowMs`. Only a stretch that is whole counts. */
  saw(offset: number, length: number, nowMs: number): void {
    const isWhole = length >= STRETCH_BYTES || offset + length >= this.#size;
    if (isWhole && offset % STRETCH_BYTES === 0) this.#seenMs[offset / STRETCH_BYTES] = nowMs;
  }
}
