// Records out of bytes as they come, of whichever side. Content is handed on as views of what was
// fed; a record ends behind its padding, so that where one ends the next one, or nothing, begins.
import { Failure } from "../../base/failure.ts";
import type { FastCgiFailure } from "./failures.ts";
import { FASTCGI_VERSION, RECORD_HEAD_BYTES, type RecordHead } from "./records.ts";

/** A failure that one of these returns is the last word. */
export interface RecordSink {
  onRecord(record: RecordHead): FastCgiFailure | null;
  /** Some bytes of the record's content, never none: lent. */
  onContent(bytes: Uint8Array): FastCgiFailure | null;
  onRecordEnd(): FastCgiFailure | null;
}

export class RecordReader {
  readonly #sink: RecordSink;
  /** A head that did not come whole: most do. */
  #head: Uint8Array | null = null;
  #headBytes = 0;
  #inRecord = false;
  #contentBytesLeft = 0;
  #paddingBytesLeft = 0;
  #failure: FastCgiFailure | null = null;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  /** The last record is whole, and no other one has begun. */
  get between(): boolean {
    return !this.#inRecord && this.#headBytes === 0;
  }

  /** Takes all of `input`, or fails. */
  feed(input: Uint8Array): FastCgiFailure | null {
    let at = 0;
    while (at < input.length && this.#failure === null) {
      if (!this.#inRecord) at = this.#takeHead(input, at);
      else if (this.#contentBytesLeft > 0) at = this.#takeContent(input, at);
      else at = this.#takePadding(input, at);
      const whole = this.#inRecord && this.#contentBytesLeft === 0 && this.#paddingBytesLeft === 0;
      if (whole && this.#failure === null) {
        this.#inRecord = false;
        this.#failure = this.#sink.onRecordEnd();
      }
    }
    return this.#failure;
  }

  #takeHead(input: Uint8Array, at: number): number {
    const wanted = RECORD_HEAD_BYTES - this.#headBytes;
    if (this.#headBytes === 0 && input.length - at >= wanted) {
      this.#begin(input, at);
      return at + RECORD_HEAD_BYTES;
    }
    const end = Math.min(input.length, at + wanted);
    this.#head ??= new Uint8Array(RECORD_HEAD_BYTES);
    this.#head.set(input.subarray(at, end), this.#headBytes);
    this.#headBytes += end - at;
    if (this.#headBytes === RECORD_HEAD_BYTES) {
      this.#headBytes = 0;
      this.#begin(this.#head, 0);
    }
    return end;
  }

  #begin(bytes: Uint8Array, at: number): void {
    if (bytes[at] !== FASTCGI_VERSION) {
      this.#failure = new Failure("fastcgiVersionUnknown", `version ${bytes[at]}`);
      return;
    }
    const contentBytes = (bytes[at + 4]! << 8) | bytes[at + 5]!;
    this.#inRecord = true;
    this.#contentBytesLeft = contentBytes;
    this.#paddingBytesLeft = bytes[at + 6]!;
    this.#failure = this.#sink.onRecord({
      type: bytes[at + 1]!,
      requestId: (bytes[at + 2]! << 8) | bytes[at + 3]!,
      contentBytes,
    });
  }

  #takeContent(input: Uint8Array, at: number): number {
    const end = Math.min(input.length, at + this.#contentBytesLeft);
    this.#contentBytesLeft -= end - at;
    this.#failure = this.#sink.onContent(input.subarray(at, end));
    return end;
  }

  #takePadding(input: Uint8Array, at: number): number {
    const end = Math.min(input.length, at + this.#paddingBytesLeft);
    this.#paddingBytesLeft -= end - at;
    return end;
  }
}
