// A request's body, handed on a block at a time. Where blocks are free and the client is fast, the
// kernel reads into a block of its own, or into one of two while the other is written; else the
// pieces go as they come. So what waits for slow clients is small, however many they are.
import { Failure } from "../base/failure.ts";
import { blocks } from "../storage/index.ts";
import type { RequestBody } from "./exchange/index.ts";

/** Takes a piece, which is the giver's again when this resolves. */
export type PieceTaker = (piece: Uint8Array) => Promise<Failure | null>;

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
  /** What became of the piece that was poured last. */
  poured: Promise<Failure | null> = Promise.resolve(null);
  readonly #body: RequestBody;
  readonly #take: PieceTaker;

  constructor(body: RequestBody, take: PieceTaker) {
    this.#body = body;
    this.#take = take;
  }

  /** Hands on `piece` when the one before it is taken; does not wait until this one is. */
  async pour(piece: Uint8Array): Promise<Failure | null> {
    const failure = await this.poured;
    if (failure !== null) return failure;
    this.poured = this.#take(piece);
    // Whoever waits for it comes later; it must not be nobody's until then.
    this.poured.catch(() => undefined);
    return null;
  }

  /** Nothing is being taken any more. */
  async quiet(): Promise<void> {
    await this.poured.catch(() => undefined);
  }

  /** By blocks, until the body ends, the client gets slow, or none is free. */
  async byBlocks(): Promise<Failure | null> {
    const one = blocks.tryTake();
    if (one === null) return null;
    const other = blocks.tryTakeMore();
    try {
      return await this.#fillInTurn(other === null ? [one] : [one, other]);
    } finally {
      // A block is given back only when it is no more written from.
      await this.quiet();
      blocks.give(one);
      if (other !== null) blocks.give(other);
    }
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
