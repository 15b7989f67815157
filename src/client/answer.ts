// An answer as it comes in. Only so much of its text is kept as an answer about files can have: a
// proxy's page is cut, and whoever wants a body of any length takes it by the piece.
import { GrowingBytes } from "../base/growing-bytes.ts";
import type { Fields, Http1ResponseHead } from "../protocol/index.ts";

/** A form's answer has at most about 300 bytes for each of 1 000 files. */
const TEXT_BYTES_MAX = 1024 * 1024;

/** Takes a piece of a 200's content, which is lent. False: no more is wanted. */
export type ContentTaker = (bytes: Uint8Array) => boolean;

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly fields: Fields;
  /** The body, read as UTF-8; "" where a taker had it. */
  readonly text: string;
  /** The answer came before all of the request had left. */
  readonly early: boolean;
}

export class IncomingAnswer {
  readonly #taker: ContentTaker | null;
  readonly #text = new GrowingBytes();
  #head: Http1ResponseHead | null = null;
  #early = false;
  /** All came that is wanted. */
  done = false;
  /** Whether the connection can have another request behind this answer. */
  keepAlive = false;

  constructor(taker: ContentTaker | null) {
    this.#taker = taker;
  }

  get begun(): boolean {
    return this.#head !== null;
  }

  onHead(head: Http1ResponseHead, early: boolean): void {
    this.#head = head;
    this.#early = early;
  }

  onContent(bytes: Uint8Array): void {
    if (this.done) return;
    if (this.#taker !== null && this.#head!.status === 200) {
      if (!this.#taker(bytes)) this.done = true;
      return;
    }
    const room = TEXT_BYTES_MAX - this.#text.length;
    this.#text.add(bytes.subarray(0, room));
    if (bytes.length > room) this.done = true;
  }

  onEnd(): void {
    if (!this.done) this.keepAlive = this.#head!.keepAlive && !this.#early;
    this.done = true;
  }

  answer(): Answer {
    const { status, reason, fields } = this.#head!;
    return { status, reason, fields, text: this.#text.take().toString(), early: this.#early };
  }
}
