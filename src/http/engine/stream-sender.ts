// A stream on its way out, piece by piece:
//
//   small   copied, so that the next is asked for at once: what comes in one turn of the loop
//           leaves in one write, with the head before it and the end behind it
//   large   lent: written and waited for before the next is asked for
//
// Nothing waits longer than for the turn's end, so that a head leaves though its content is late.
// Figures: docs/decisions/0058-what-comes-in-one-turn-leaves-in-one-write.md.
import { LAST_CHUNK, encodeChunkHead } from "../../protocol/index.ts";
import type { ByteStream } from "../exchange/index.ts";
import type { Output } from "./output.ts";
import { asError, type Written } from "./written.ts";

const COPIED_BYTES_MAX = 16 * 1024;
const CRLF = Buffer.from("\r\n");

export class StreamSender {
  readonly #output: Output;
  readonly #stream: ByteStream;
  readonly #chunked: boolean;
  readonly #count: (bytes: number) => void;
  #bytes = 0;
  #isWaiting = false;
  #seesTurnEnd = false;
  /** Of what was pushed before the turn ended, while a piece is waited for. */
  #sending: Promise<boolean> | null = null;

  /** `count` is told of bytes on their way. */
  constructor(
    output: Output,
    stream: ByteStream,
    chunked: boolean,
    count: (bytes: number) => void,
  ) {
    this.#output = output;
    this.#stream = stream;
    this.#chunked = chunked;
    this.#count = count;
  }

  /** Never rejects. A source that is not asked to its end is told by `return`. */
  async send(): Promise<Written> {
    this.#output.held = true;
    let pieces: AsyncIterator<Uint8Array> | null = null;
    let written: Written;
    try {
      pieces = this.#stream.source[Symbol.asyncIterator]();
      written = await this.#sendAll(pieces);
      if (written !== "whole") void leave(pieces);
    } catch (error) {
      written = asError(error); // the source's own, which has ended with it
    }
    this.#output.held = false;
    // What is cut shall be seen to be: as an answer that began, not as none.
    if (written !== "whole") this.#output.flush();
    return written;
  }

  async #sendAll(pieces: AsyncIterator<Uint8Array>): Promise<Written> {
    const { length } = this.#stream;
    for (;;) {
      this.#wait();
      // oxlint-disable-next-line no-await-in-loop -- piece by piece
      const next = await pieces.next();
      const before = this.#came();
      // oxlint-disable-next-line no-await-in-loop -- it goes behind what was pushed before
      if ((before !== null && !(await before)) || this.#output.closed) return "cut";
      if (next.done === true) break;
      const piece = next.value;
      if (piece.length === 0) continue; // an empty chunk would end the body
      this.#bytes += piece.length;
      if (length !== null && this.#bytes > length) {
        return new Error("a body longer than its length");
      }
      // oxlint-disable-next-line no-await-in-loop -- what is lent has to be sent before it changes
      if (!(await this.#sendPiece(piece))) return "cut";
    }
    if (length !== null && this.#bytes < length) {
      return new Error("a body shorter than its length");
    }
    if (this.#chunked) this.#output.push(Buffer.from(LAST_CHUNK, "latin1"));
    return "whole";
  }

  /**
   * From now on a piece is waited for: where that takes longer than this turn, what was pushed goes
   * out before. Thousands of streams may wait at once, so the piece alone is awaited.
   */
  #wait(): void {
    this.#isWaiting = true;
    if (this.#seesTurnEnd) return;
    this.#seesTurnEnd = true;
    setImmediate(() => {
      this.#seesTurnEnd = false;
      if (this.#isWaiting) this.#sending ??= this.#output.sent();
    });
  }

  /** A piece came. What goes before it is on its way: null where that is nothing, false: cut. */
  #came(): Promise<boolean> | null {
    this.#isWaiting = false;
    const sending = this.#sending;
    this.#sending = null;
    return sending;
  }

  /** False: the connection is closed. */
  #sendPiece(piece: Uint8Array): Promise<boolean> | true {
    const output = this.#output;
    const isLent = piece.length > COPIED_BYTES_MAX;
    this.#count(piece.length);
    if (this.#chunked) output.push(Buffer.from(encodeChunkHead(piece.length), "latin1"));
    else if (isLent) return output.send(piece);
    output.push(piece);
    if (this.#chunked && isLent) return output.send(CRLF);
    if (this.#chunked) output.push(CRLF);
    return output.pushedBytes <= COPIED_BYTES_MAX ? true : output.sent();
  }
}

/** Says that nobody wants more. */
export async function leave(pieces: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    await pieces.return?.();
  } catch {
    // It was about to end in any case, and the answer does not depend on it.
  }
}
