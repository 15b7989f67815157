// Bodies, by the ways in which they end (RFC 9112 §6.3). Content is handed on as slices of the
// input, never copied.
import type { Failure } from "../../base/failure.ts";
import type { Fields } from "../fields.ts";
import type { Http1FailureCode } from "./failures.ts";

export interface ContentSink {
  /** `bytes` is the feeder's: copy what is kept. */
  onContent(bytes: Uint8Array): void;
}

export interface BodyDecoder {
  readonly done: boolean;
  /** Once done; null where there were none. */
  readonly trailers: Fields | null;
  /** Returns how many bytes of `input` were the body's: all, unless it ends. */
  feed(input: Uint8Array, sink: ContentSink): number | Failure<Http1FailureCode>;
}

/** A body of a length that was announced. */
export class LengthDecoder implements BodyDecoder {
  readonly trailers = null;
  #bytesToCome: number;

  constructor(length: number) {
    this.#bytesToCome = length;
  }

  get done(): boolean {
    return this.#bytesToCome === 0;
  }

  feed(input: Uint8Array, sink: ContentSink): number {
    const taken = Math.min(input.length, this.#bytesToCome);
    if (taken > 0) sink.onContent(taken === input.length ? input : input.subarray(0, taken));
    this.#bytesToCome -= taken;
    return taken;
  }
}

/** A response's body that the end of the connection ends. */
export class UntilCloseDecoder implements BodyDecoder {
  readonly done = false;
  readonly trailers = null;

  feed(input: Uint8Array, sink: ContentSink): number {
    if (input.length > 0) sink.onContent(input);
    return input.length;
  }
}
