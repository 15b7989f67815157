// A body that is pushed, on its way out: each piece leaves at once, as one write, framed once for
// all who are told it. A reader that does not read is cut before much waits for it.
import { encodeChunkHead, LAST_CHUNK } from "../../protocol/index.ts";
import type { PushPiece, PushSource, PushStream, PushTarget } from "../exchange/index.ts";
import type { Output } from "./output.ts";
import { asError, type Written } from "./written.ts";

const CRLF = Buffer.from("\r\n");

export class PushSender implements PushTarget {
  readonly #output: Output;
  readonly #chunked: boolean;
  readonly #count: (bytes: number) => void;
  #source: PushSource | null = null;
  #resolve: ((written: Written) => void) | null = null; // null: it is over

  /** `count` is told of bytes on their way. */
  constructor(output: Output, chunked: boolean, count: (bytes: number) => void) {
    this.#output = output;
    this.#chunked = chunked;
    this.#count = count;
  }

  /** Never rejects; stays as it is where the client leaves: `leave` tells the source. */
  send(stream: PushStream): Promise<Written> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      try {
        const source = stream.start(this);
        if (this.#resolve !== null) this.#source = source;
      } catch (error) {
        this.#finish(asError(error));
      }
      this.#output.flush();
    });
  }

  write(piece: PushPiece): boolean {
    if (this.#resolve === null || this.#output.closed) return false;
    this.#count(piece.bytes.length);
    this.#output.push(this.#chunked ? chunkOf(piece) : piece.bytes);
    this.#output.flush();
    if (!this.#output.blocked) return true;
    this.#finish("cut");
    return false;
  }

  end(): void {
    if (this.#resolve === null) return;
    if (this.#chunked) this.#output.push(Buffer.from(LAST_CHUNK, "latin1"));
    this.#source = null;
    this.#finish("whole");
  }

  /** The server stops. */
  drain(): void {
    this.#source?.onShutdown();
  }

  /** Nobody takes more. */
  leave(): void {
    this.#resolve = null;
    const source = this.#source;
    this.#source = null;
    source?.onGone();
  }

  #finish(written: Written): void {
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.(written);
  }
}

function chunkOf(piece: PushPiece): Uint8Array {
  const { bytes } = piece;
  piece.framed ??= Buffer.concat([
    Buffer.from(encodeChunkHead(bytes.length), "latin1"),
    bytes,
    CRLF,
  ]);
  return piece.framed;
}
