// Blocks in which small pieces are gathered before they are written. A thread has so many and no
// more: who gets none writes its pieces as they come, so that a thousand slow uploads cost no more
// memory than fifty, and none waits for another.

export const BLOCK_BYTES = 128 * 1024;
const BLOCKS_MAX = 96; // 12 MiB

export class BlockPool {
  readonly #free: Uint8Array[] = [];
  #made = 0;

  /** A block, with anything in it; null when all are out. */
  tryTake(): Uint8Array | null {
    const block = this.#free.pop();
    if (block !== undefined) return block;
    if (this.#made === BLOCKS_MAX) return null;
    this.#made += 1;
    return Buffer.allocUnsafeSlow(BLOCK_BYTES);
  }

  /**
   * As `tryTake`, where most are free: for who has one, and would be faster by another.
   */
  tryTakeMore(): Uint8Array | null {
    return this.taken < BLOCKS_MAX / 4 ? this.tryTake() : null;
  }

  /** Takes back what `tryTake` gave. */
  give(block: Uint8Array): void {
    this.#free.push(block);
  }

  /** How many are out. */
  get taken(): number {
    return this.#made - this.#free.length;
  }
}

/** Those of this thread. */
export const blocks = new BlockPool();
