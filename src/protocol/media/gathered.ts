/** A known count of bytes, over inputs as they come: a view where one input has them all. */
export class Gathered {
  #held: Buffer | null = null;
  #heldBytes = 0;
  /** Where the last `take` stopped in its input. */
  end = 0;

  /** The next `count` bytes, from `at` of `bytes` on; null until all are there. */
  take(bytes: Uint8Array, at: number, count: number): Buffer | null {
    if (this.#held === null && bytes.length - at >= count) {
      this.end = at + count;
      return Buffer.from(bytes.buffer, bytes.byteOffset + at, count);
    }
    this.#held ??= Buffer.allocUnsafe(count);
    this.end = Math.min(bytes.length, at + count - this.#heldBytes);
    this.#held.set(bytes.subarray(at, this.end), this.#heldBytes);
    this.#heldBytes += this.end - at;
    if (this.#heldBytes < count) return null;
    const whole = this.#held;
    this.#held = null;
    this.#heldBytes = 0;
    return whole;
  }
}
