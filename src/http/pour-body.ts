// A request's body, handed on a block at a time. Where blocks are free and the client is fast, the
// kernel reads into a block of its own, or into one of two while the other is written; else the
// pieces go as they come. So what waits for slow clients is small, however many they are.
import { Failure } from "../base/failure.ts";
import { blocks, slabs, type BlockPool } from "../storage/index.ts";
import type { RequestBody } from "./exchange/index.ts";

/** What became of a piece: a failure, or null; a promise where that is not known at once. */
export type Taken = Failure | null | Promise<Failure | null>;

/** Takes a piece, which is the giver's again when that is known. */
export type PieceTaker = (piece: Uint8Array) => Taken;

/** So many bytes at once show a client that sends faster than it is read. */
const FAST_BYTES = 16 * 1024;
/** What is smaller has come in a piece or two. */
const LARGE_BYTES = 128 * 1024;
/** A block that took longer to fill is not filled again: others may use it better. */
const SLOW_MS = 1000;

/**
 * Hands all of `body` to `take`, in order, one piece at a time. Resolves with null at the body's
 * end, or with the first failure: the body's, or what `take` said.
 */
export async function pourBody(body: RequestBody, take: PieceTaker): Promise<Failure | null> {
  const pouring = new Pouring(body, take);
  // What came at once: as much as was asked for, or before anybody asked.
  let cameBytes = body.readyBytes;
  try {
    for (;;) {
      if (cameBytes >= FAST_BYTES && isLarge(body)) {
        const failure = await pouring.byBlocks();
        if (failure !== null) return failure;
      }
      const piece = await body.read();
      if (piece instanceof Failure) return piece;
      if (piece === null) return await pouring.poured;
      cameBytes = piece.length;
      const failure = await pouring.pour(piece);
      if (failure !== null) return failure;
    }
  } finally {
    await pouring.quiet();
  }
}

/** Whether there is more than a few pieces of it. */
function isLarge({ length }: RequestBody): boolean {
  return length === null || length >= LARGE_BYTES;
}

class Pouring {
  readonly #body: RequestBody;
  readonly #take: PieceTaker;
  /** What becomes of the piece that was poured last; null where it was taken at once. */
  #last: Promise<Failure | null> | null = null;

  constructor(body: RequestBody, take: PieceTaker) {
    this.#body = body;
    this.#take = take;
  }

  /** What became of the piece that was poured last. */
  get poured(): Taken {
    return this.#last;
  }

  /** Hands on `piece` when the one before it is taken; does not wait until this one is. */
  pour(piece: Uint8Array): Taken {
    const last = this.#last;
    return last === null
      ? this.#begin(piece)
      : last.then((failure) => failure ?? this.#begin(piece));
  }

  /** Nothing is being taken any more. */
  async quiet(): Promise<void> {
    await this.#last?.catch(() => undefined);
  }

  /** By blocks, until the body ends, the client gets slow, or none is free. */
  async byBlocks(): Promise<Failure | null> {
    const { pool, one } = blockFor(this.#body);
    if (one === null) return null;
    const other = pool.tryTakeMore();
    try {
      return await this.#fillInTurn(other === null ? [one] : [one, other]);
    } finally {
      // A block is given back only when it is no more written from.
      await this.quiet();
      pool.give(one);
      if (other !== null) pool.give(other);
    }
  }

  #begin(piece: Uint8Array): Failure | null {
    const taken = this.#take(piece);
    if (!(taken instanceof Promise)) {
      this.#last = null;
      return taken;
    }
    this.#last = taken;
    // Whoever waits for it comes later; it must not be nobody's until then.
    taken.catch(() => undefined);
    return null;
  }

  async #fillInTurn(owned: readonly Uint8Array[]): Promise<Failure | null> {
    for (let turn = 0; ; turn += 1) {
      const block = owned[turn % owned.length]!;
      if (owned.length === 1) await this.quiet(); // it may still be written from
      const startMs = performance.now();
      const bytes = await this.#body.fill(block);
      if (bytes instanceof Failure) return bytes;
      const failure = bytes === 0 ? null : await this.pour(block.subarray(0, bytes));
      if (failure !== null || bytes < block.length) return failure;
      if (performance.now() - startMs > SLOW_MS) return null;
    }
  }
}

/** A block for `body`, and whose it is: a large one where there are many blocks' bytes to come. */
function blockFor({ length }: RequestBody): { pool: BlockPool; one: Uint8Array | null } {
  const slab = length === null || length >= slabs.blockBytes ? slabs.tryTake() : null;
  return slab === null ? { pool: blocks, one: blocks.tryTake() } : { pool: slabs, one: slab };
}
