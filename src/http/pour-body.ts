// A request's body, handed on a block at a time. Where blocks are free and the client is fast, the
// kernel reads into one block while the other is written; else the pieces go as they come. So what
// waits for slow clients is small, however many they are.
import { Failure } from "../base/failure.ts";
import { blocks } from "../storage/index.ts";
import type { RequestBody } from "./exchange/index.ts";

/** Takes a piece, which is the giver's again when this resolves. */
export type PieceTaker = (piece: Uint8Array) => Promise<Failure | null>;

/** A piece of so many bytes shows a client that sends faster than it is read. */
const FAST_BYTES = 16 * 1024;
/** A block that took longer to fill is not filled again: others may use it better. */
const SLOW_MS = 1000;

/**
 * Hands all of `body` to `take`, in order, one piece at a time. Resolves with null at the body's
 * end, or with the first failure: the body's, or what `take` said.
 */
export async function pourBody(body: RequestBody, take: PieceTaker): Promise<Failure | null> {
  const pouring = new Pouring(body, take);
  try {
    for (let piece = await body.read(); piece !== null; piece = await body.read()) {
      if (piece instanceof Failure) return piece;
      const isFast = piece.length >= FAST_BYTES && hasMore(body, piece);
      const failure = await (isFast ? pouring.byBlocks(piece) : pouring.pour(piece));
      if (failure !== null) return failure;
    }
    return await pouring.poured;
  } finally {
    await pouring.quiet();
  }
}

/** Whether it pays to take blocks for what is behind the first piece. */
function hasMore({ length }: RequestBody, piece: Uint8Array): boolean {
  return length === null || length > 2 * piece.length;
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

  /** By blocks, `first` in front, until the body ends, the client gets slow, or none is free. */
  async byBlocks(first: Uint8Array): Promise<Failure | null> {
    const pair = [blocks.tryTake(), blocks.tryTake()];
    try {
      const [block] = pair;
      if (!block) return await this.pour(first);
      block.set(first);
      return await this.#fillInTurn(pair, first.length);
    } finally {
      // A block is given back only when it is no more written from.
      await this.quiet();
      for (const block of pair) if (block !== null) blocks.give(block!);
    }
  }

  /** `filled`: bytes that are in the first of them already. */
  async #fillInTurn(pair: readonly (Uint8Array | null)[], filled: number): Promise<Failure | null> {
    let already = filled;
    for (let turn = 0; ; turn += 1) {
      const block = pair[turn % 2]!;
      if (block === null) return null;
      const startMs = performance.now();
      const more = await this.#body.fill(block.subarray(already));
      if (more instanceof Failure) return more;
      const bytes = already + more;
      const failure = bytes === 0 ? null : await this.pour(block.subarray(0, bytes));
      if (failure !== null || bytes < block.length) return failure;
      if (performance.now() - startMs > SLOW_MS) return null;
      already = 0;
    }
  }
}
