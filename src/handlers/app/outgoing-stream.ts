// A stream of an app's, as the driver asks for it. It is told when nobody wants the rest: by the
// driver, or, while it makes the driver wait, by the client's leaving.
import type { Exchange } from "../../http/exchange/index.ts";

type Next = IteratorResult<Uint8Array, undefined>;
type Source = AsyncIterable<Uint8Array | string> | ReadableStream<Uint8Array>;

const DONE: Next = { done: true, value: undefined };

export class OutgoingStream implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #pieces: AsyncIterator<unknown>;
  #left = false;

  constructor(source: Source, exchange: Exchange) {
    this.#pieces = source instanceof ReadableStream ? piecesOf(source) : iteratorOf(source);
    exchange.onGone(() => void this.return().catch(() => undefined));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Next> {
    if (this.#left) return DONE;
    const next = await this.#asked();
    if (next.done === true) return DONE;
    return { done: false, value: bytesOf(next.value) };
  }

  /** What the app's code throws is the cause of why it ends, so that the log has its stack. */
  async #asked(): Promise<IteratorResult<unknown>> {
    try {
      return await this.#pieces.next();
    } catch (cause) {
      throw new Error("its stream failed", { cause });
    }
  }

  async return(): Promise<Next> {
    if (this.#left) return DONE;
    this.#left = true;
    await this.#pieces.return?.();
    return DONE;
  }
}

// Not the stream's own iterator: its `return` waits for a piece that is on its way, which may be
// what nobody waits for any more.
function piecesOf(stream: ReadableStream<Uint8Array>): AsyncIterator<unknown> {
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>,
    return: async () => {
      await reader.cancel();
      return DONE;
    },
  };
}

function iteratorOf(source: AsyncIterable<unknown>): AsyncIterator<unknown> {
  return source[Symbol.asyncIterator]();
}

function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  if (typeof piece === "string") return Buffer.from(piece);
  throw new TypeError(
    `a stream of an answer gave ${typeof piece}, which is neither bytes nor text`,
  );
}
