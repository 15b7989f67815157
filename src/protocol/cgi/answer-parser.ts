// What a program writes (RFC 3875 §6), out of bytes as they come:
//
//   field line end  …  line end  content            a line ends in LF or CR LF, one like the other
//
// Lines are read as soon as they have come: who writes something else is found out at its first
// line. Content is handed on as views of what was fed, up to the announced length.
import { Failure } from "../../base/failure.ts";
import { CR, LF } from "../characters.ts";
import type { CgiFailure, CgiFailureCode } from "./failures.ts";
import { readHead, type CgiClientHead, type CgiHead, type ReadHead } from "./head.ts";
import type { CgiHeadMemo } from "./head-memo.ts";
import { quoted, readField, readStatusLine } from "./lines.ts";

const HEADER_BYTES_MAX = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export interface CgiAnswerLimits {
  /** Of all lines of the head with the empty one behind them. */
  readonly headerBytes: number;
  /** The request is a HEAD: no content is handed on, and none is missed (RFC 3875 §4.3.3). */
  readonly headOnly?: boolean;
  /** Heads of answers before this one. Theirs had the same limit. */
  readonly memo?: CgiHeadMemo | undefined;
}

export interface CgiAnswerSink {
  onHead(head: CgiHead): void;
  /** Some bytes of content, never none, a view of what was fed: copy what is kept. */
  onContent(bytes: Uint8Array): void;
}

/** "untyped": the head is read and waits, since it has no type and there must be no content. */
type Step = "head" | "untyped" | "content";

/** Reads one answer. The first failure is the last word. */
export class CgiAnswerParser {
  readonly #sink: CgiAnswerSink;
  readonly #limits: CgiAnswerLimits;
  #step: Step = "head";
  /** The line that has begun and not ended. */
  #held = NOTHING;
  #heldBytes = 0;
  #headBytes = 0;
  #firstLine = true;
  #statusLine: number | null = null;
  readonly #fields: [name: string, value: string][] = [];
  #untyped: CgiClientHead | null = null;
  #contentBytesLeft = Infinity;
  #wantsAll = false;
  #surplus = false;
  #failure: CgiFailure | null = null;

  constructor(sink: CgiAnswerSink, limits: CgiAnswerLimits = { headerBytes: HEADER_BYTES_MAX }) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** The sink has got the head. */
  get headDone(): boolean {
    return this.#step === "content";
  }

  /** As much content has come as was announced. */
  get isWhole(): boolean {
    return this.#wantsAll && this.#contentBytesLeft === 0;
  }

  /** There is no place for more: all that may still come is dropped. */
  get isFull(): boolean {
    return this.#step === "content" && this.#contentBytesLeft === 0;
  }

  /** More came than was announced, or content where there can be none; it was dropped. */
  get surplus(): boolean {
    return this.#surplus;
  }

  /** Takes all of `bytes`, or fails. */
  feed(bytes: Uint8Array): CgiFailure | null {
    let at = this.#step === "head" && this.#headBytes === 0 ? this.#takeKnown(bytes) : 0;
    while (at < bytes.length && this.#failure === null) {
      if (this.#step === "head") at = this.#takeLine(bytes, at);
      else at = this.#takeContent(bytes, at);
    }
    return this.#failure;
  }

  /** To be called where the output ends; a head that had to wait for it goes to the sink now. */
  end(): CgiFailure | null {
    if (this.#failure !== null) return this.#failure;
    if (this.#step === "head") {
      const line = this.#held.toString("latin1", 0, this.#heldBytes);
      const nothing = this.#headBytes === 0;
      this.#fail(
        "cgiEmpty",
        nothing ? "it wrote nothing" : `it ended in its head: ${quoted(line)}`,
      );
    } else if (this.#untyped !== null && this.#step === "untyped") {
      this.#endUntyped(this.#untyped);
    } else if (this.#wantsAll && this.#contentBytesLeft > 0) {
      this.#fail("cgiContentCut", `${this.#contentBytesLeft} bytes are missing`);
    }
    return this.#failure;
  }

  /** Takes a head that is known, if `bytes` begin with it. Returns where to go on. */
  #takeKnown(bytes: Uint8Array): number {
    const known = this.#limits.memo?.find(bytes) ?? null;
    if (known === null) return 0;
    this.#headBytes = known.length;
    this.#beginAs(known.read);
    return known.length;
  }

  /** Returns where to go on. */
  #takeLine(bytes: Uint8Array, from: number): number {
    const lf = bytes.indexOf(LF, from);
    const end = lf < 0 ? bytes.length : lf + 1;
    this.#headBytes += end - from;
    if (this.#headBytes > this.#limits.headerBytes) {
      this.#fail("cgiHeadTooLarge", `over ${this.#limits.headerBytes} bytes`);
    } else if (lf < 0 || this.#heldBytes > 0) {
      this.#hold(bytes, from, end);
      if (lf >= 0) this.#readLine(this.#held, 0, this.#heldBytes - 1);
    } else {
      this.#readLine(bytes, from, lf);
    }
    return end;
  }

  #hold(bytes: Uint8Array, from: number, end: number): void {
    const needed = this.#heldBytes + end - from;
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(2 * needed);
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(bytes.subarray(from, end), this.#heldBytes);
    this.#heldBytes = needed;
  }

  #readLine(bytes: Uint8Array, start: number, lf: number): void {
    this.#heldBytes = 0;
    const end = lf > start && bytes[lf - 1] === CR ? lf - 1 : lf;
    if (end === start) {
      this.#endHead(bytes, lf + 1);
      return;
    }
    const line = latin1(bytes, start, end);
    const read = (this.#firstLine ? readStatusLine(line) : null) ?? readField(line);
    this.#firstLine = false;
    if (read instanceof Failure) this.#failure = read;
    else if (typeof read === "number") this.#statusLine = read;
    else this.#fields.push(read);
  }

  #endHead(bytes: Uint8Array, length: number): void {
    const read = readHead(this.#fields, this.#statusLine);
    this.#held = NOTHING;
    if (read instanceof Failure) {
      this.#failure = read;
      return;
    }
    // All of it is at the start of these bytes, as it may be of the next answer's.
    if (this.#headBytes === length) this.#limits.memo?.note(bytes, length, read);
    this.#beginAs(read);
  }

  #beginAs(read: ReadHead): void {
    const headOnly = this.#limits.headOnly === true;
    if (read.content === "mustBeNone" && !headOnly) {
      this.#untyped = read.head;
      this.#step = "untyped";
    } else {
      this.#begin(read.head, headOnly || read.content === "none");
    }
  }

  #begin(head: CgiHead, bodiless: boolean): void {
    const length = head.kind === "localRedirect" ? null : head.length;
    this.#contentBytesLeft = bodiless ? 0 : (length ?? Infinity);
    this.#wantsAll = !bodiless && length !== null;
    this.#step = "content";
    this.#sink.onHead(head);
  }

  /** Nothing came behind it, so that it is right: `git http-backend` ends a 404 so. */
  #endUntyped(head: CgiClientHead): void {
    const missing = head.length ?? 0;
    if (missing > 0) this.#fail("cgiContentCut", `${missing} bytes are missing`);
    else this.#begin({ ...head, length: 0 }, true);
  }

  #takeContent(bytes: Uint8Array, from: number): number {
    if (this.#step === "untyped") {
      this.#fail("cgiContentTypeMissing", "content without Content-Type");
      return bytes.length;
    }
    const end = Math.min(bytes.length, from + this.#contentBytesLeft);
    if (end < bytes.length && this.#limits.headOnly !== true) this.#surplus = true;
    if (end > from) {
      this.#contentBytesLeft -= end - from;
      this.#sink.onContent(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    }
    return bytes.length;
  }

  #fail(code: CgiFailureCode, detail: string): void {
    this.#failure = new Failure(code, detail);
  }
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, end);
  return buffer.toString("latin1", start, end);
}
