// Small pieces of one draft, side by side in a block that is taken from the pool with the first of
// them.
import { blocks } from "./block-pool.ts";

export class GatheredBlock {
  /** What is in it. */
  bytes = 0;
  #block: Uint8Array | null = null;

  get isFull(): boolean {
    return this.#block !== null && this.bytes === this.#block.length;
  }

  /** Copies what fits. Returns how many bytes; 0 where there is no block. */
  add(piece: Uint8Array): number {
    this.#block ??= blocks.tryTake();
    if (this.#block === null) return 0;
    const taken = piece.subarray(0, this.#block.length - this.bytes);
    this.#block.set(taken, this.bytes);
    this.bytes += taken.length;
    return taken.length;
  }

  /** What was gathered, which is empty then; `block` is the taker's to give back. */
  take(): { readonly filled: Uint8Array; readonly block: Uint8Array } | null {
    const block = this.#block;
    if (block === null) return null;
    const filled = block.subarray(0, this.bytes);
    this.#block = null;
    this.bytes = 0;
    return { filled, block };
  }
}
