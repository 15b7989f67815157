// A request's body, handed on a block at a time. Where blocks are free and the client is fast, the
// kernel reads into one block while the other is written; else the pieces go as they come. So what
// waits for slow clients is small, however many they are.
import { Failure } from "../base/failure.ts";
import { blocks } from "../storage/index.ts";
import type { RequestBody } from "./exchange/index.ts";

/** Takes a piece, which is the giver's again when this resolves. */
export type PieceTaker = (piece: Uint8Array) => Promise<Failure | null>;

/** A first piece of so many bytes shows a client that sends faster than it is read. */
const FAST_BYTES = 16 * 1024;
/** A block that took longer to fill is not filled again: others may use it better. */
const SLOW_MS = 1000;

/**
 * Hands all of `body` to `take`, in order, one piece at a time. Resolves with null at the body's
 * end, or with the first failure: the body's, or what `take` said.
 */
export async function pourBody(body: RequestBody, take: PieceTaker): Promise<Failure | null> {
  let pouring: Promise<Failure | null> = Promise.resolve(null);
  const pour = async (piece: Uint8Array): Promise<Failure | null> => {
    const failure = await pouring;
    if (failure !== null) return failure;
    pouring = take(piece);
    // Whoever waits for it comes later; it must not be nobody's until then.
    pouring.catch(() => undefined);
    return null;
  };
  try {
    for (let piece = await body.read(); piece !== null; piece = await body.read()) {
      const failure = piece instanceof Failure ? piece : await pour(piece);
      if (failure !== null) return failure;
      if (isFast(body, piece as Uint8Array)) {
        const failed = await pourBlocks(body, pour, () => pouring);
        if (failed !== null) return failed;
      }
    }
    return await pouring;
  } finally {
    await pouring.catch(() => undefined);
  }
}

function isFast({ length }: RequestBody, piece: Uint8Array): boolean {
  return piece.length >= FAST_BYTES && (length === null || length > 2 * piece.length);
}

/** By blocks, until the body ends, the client gets slow, or no block is free. */
async function pourBlocks(
  body: RequestBody,
  pour: PieceTaker,
  poured: () => Promise<Failure | null>,
): Promise<Failure | null> {
  const pair = [blocks.tryTake(), blocks.tryTake()];
  try {
    for (let turn = 0; ; turn += 1) {
      const block = pair[turn % 2] ?? null;
      if (block === null) return null;
      const startMs = performance.now();
      const filled = await body.fill(block);
      if (filled instanceof Failure) return filled;
      const failure = filled === 0 ? null : await pour(block.subarray(0, filled));
      if (failure !== null || filled < block.length) return failure;
      if (performance.now() - startMs > SLOW_MS) return null;
    }
  } finally {
    // A block is given back only when it is no more written from.
    await poured().catch(() => undefined);
    for (const block of pair) if (block !== null) blocks.give(block);
  }
}
