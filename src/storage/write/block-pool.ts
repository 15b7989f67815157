// Blocks in which pieces are gathered before they are written, or into which a body is read. A
// thread has so many and no more: who gets none writes its pieces as they come, so that a thousand
// slow uploads cost no more memory than fifty, and none waits for another.

export const BLOCK_BYTES = 128 * 1024;
const BLOCKS_MAX = 64; // 8 MiB
// Larger ones for a few: with blocks of 128 KiB 1 MB costs half as much again (bench put-1mb).
const SLAB_BYTES = 512 * 1024;
const SLABS_MAX = 8; // 4 MiB

export class BlockPool {
  readonly blockBytes: number;
  readonly #blocksMax: number;
  readonly #free: Uint8Array[] = [];
  #made = 0;

  constructor(blockBytes = BLOCK_BYTES, blocksMax = BLOCKS_MAX) {
    this.blockBytes = blockBytes;
    this.#blocksMax = blocksMax;
  }

  /** A block, with anything in it; null when all are out. */
  tryTake(): Uint8Array | null {
    const block = this.#free.pop();
    if (block !== undefined) return block;
    if (this.#made === this.#blocksMax) return null;
    this.#made += 1;
    return Buffer.allocUnsafeSlow(this.blockBytes);
  }

  /** As `tryTake`, where most are free: for who has one, and would be faster by another. */
  tryTakeMore(): Uint8Array | null {
    return this.taken < this.#blocksMax / 4 ? this.tryTake() : null;
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
/** For bodies that have many blocks' bytes. */
export const slabs = new BlockPool(SLAB_BYTES, SLABS_MAX);
