// Requests out of bytes (RFC 9112), strictly: what two readers could see in two ways is a
// violation, and after one nothing more is read. The parser stops where the driver has to decide:
// behind a head whose body is still to come, and behind a message's end, so that what follows is
// not looked at too early. It keeps bytes of unfinished heads only.
import { Failure } from "../../base/failure.ts";
import { CR, LF } from "../characters.ts";
import type { Fields } from "../fields.ts";
import { LengthDecoder, type BodyDecoder } from "./body.ts";
import { ChunkedDecoder } from "./chunked.ts";
import type { Http1FailureCode } from "./failures.ts";
import type { HeadMemo } from "./head-memo.ts";
import { readHead, type Http1Head } from "./request-head.ts";
import { giveScan, takeScan, type RequestScan } from "./request-scan.ts";

const EMPTY_LINES_MAX = 4;

export interface RequestLimits {
  /** Of all field lines with the empty line behind them, and of trailers likewise. */
  readonly headerBytes: number;
  readonly targetBytes: number;
}

export interface RequestSink {
  onHead(head: Http1Head): void;
  /** `bytes` is the feeder's: copy what is kept. */
  onContent(bytes: Uint8Array): void;
  /** The request is complete. */
  onEnd(trailers: Fields | null): void;
  /** The connection can't be read any further. Its code is one of HTTP1_FAILURES. */
  onViolation(failure: Failure): void;
}

/** "idle": between messages, not a byte of the next. "dead": after a violation. */
export type ParserStep = "idle" | "head" | "body" | "dead";

export class RequestParser {
  readonly #sink: RequestSink;
  #limits: RequestLimits;
  #memo: HeadMemo | null;
  #scan: RequestScan | null = null; // of a head that is not complete
  #body: BodyDecoder | null = null;
  #step: ParserStep = "idle";
  #emptyLines = 0;
  #lfMissing = false;

  /** `memo` is shared by parsers of the same `limits`; without it every head is scanned. */
  constructor(limits: RequestLimits, sink: RequestSink, memo: HeadMemo | null = null) {
    this.#memo = memo;
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Has other limits from the next head on, and what parsers of these share. */
  readBy(limits: RequestLimits, memo: HeadMemo | null): void {
    this.#limits = limits;
    this.#memo = memo;
  }

  get step(): ParserStep {
    return this.#step;
  }

  /**
   * Returns how many bytes of `input` it took: at least one, if there is one. It stops right behind
   * `onHead` where a body follows, and right behind `onEnd`; the rest is to be fed again.
   */
  feed(input: Uint8Array): number {
    if (this.#step === "dead") return input.length;
    if (this.#step === "body") return this.#feedBody(input);
    if (this.#step === "head") return this.#feedHead(input, 0, null);
    // Behind a CR only its LF may follow.
    const memo = this.#lfMissing ? null : this.#memo;
    const known = memo?.find(input) ?? null;
    if (known !== null) {
      this.#complete(known);
      return input.length;
    }
    const skipped = this.#skipEmptyLines(input);
    if (skipped instanceof Failure) return this.#refuse(input, skipped);
    if (skipped === input.length) return skipped;
    this.#step = "head";
    return this.#feedHead(input, skipped, skipped === 0 ? memo : null);
  }

  // Some clients send an empty line behind a body (RFC 9112 §2.2); nobody sends many.
  #skipEmptyLines(input: Uint8Array): number | Failure<Http1FailureCode> {
    let at = 0;
    while (at < input.length && (this.#lfMissing || input[at] === CR)) {
      if (this.#lfMissing) {
        if (input[at] !== LF) return new Failure("lineEndMalformed", "CR without LF");
        this.#emptyLines += 1;
        if (this.#emptyLines > EMPTY_LINES_MAX) {
          return new Failure("requestLineMalformed", "empty lines");
        }
      }
      this.#lfMissing = !this.#lfMissing;
      at += 1;
    }
    return at;
  }

  /** `memo` is given where `input` is all that came of this head so far. */
  #feedHead(input: Uint8Array, at: number, memo: HeadMemo | null): number {
    this.#scan ??= takeScan(this.#limits);
    const { line, head: scanner } = this.#scan;
    const taken = scanner.feed(at === 0 ? input : input.subarray(at));
    if (taken instanceof Failure) return this.#refuse(input, taken);
    if (!scanner.done) return input.length;
    const head = readHead(line, scanner);
    if (head instanceof Failure) return this.#refuse(input, head);
    giveScan(this.#scan);
    this.#scan = null;
    if (head.contentLength !== 0) {
      this.#emptyLines = 0;
      this.#step = "body";
      this.#body = this.#decoderFor(head.contentLength);
      this.#sink.onHead(head);
    } else {
      if (taken === input.length) memo?.note(input, head);
      this.#complete(head);
    }
    return at + taken;
  }

  /** Hands on a head without a body, which is a whole request. */
  #complete(head: Http1Head): void {
    this.#emptyLines = 0;
    this.#step = "idle";
    this.#sink.onHead(head);
    this.#sink.onEnd(null);
  }

  #decoderFor(length: number | null): BodyDecoder {
    return length === null
      ? new ChunkedDecoder(this.#limits.headerBytes)
      : new LengthDecoder(length);
  }

  #feedBody(input: Uint8Array): number {
    const body = this.#body!;
    const taken = body.feed(input, this.#sink);
    if (taken instanceof Failure) return this.#refuse(input, taken);
    if (body.done) {
      this.#step = "idle";
      this.#body = null;
      this.#sink.onEnd(body.trailers);
    }
    return taken;
  }

  #refuse(input: Uint8Array, failure: Failure<Http1FailureCode>): number {
    this.#step = "dead";
    this.#scan = null;
    this.#body = null;
    this.#sink.onViolation(failure);
    return input.length;
  }
}
