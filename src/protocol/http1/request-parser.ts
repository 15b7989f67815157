// Requests out of bytes (RFC 9112), strictly: what two readers could see in two ways is a
// violation, and after one nothing more is read. The parser stops where the driver has to decide:
// behind a head whose body is still to come, and behind a message's end, so that what follows is
// not looked at too early. It keeps bytes of unfinished heads only.
import { Failure } from "../../base/failure.ts";
import { parseAuthority } from "../authority.ts";
import { CR, LF } from "../characters.ts";
import type { Fields } from "../fields.ts";
import { parseTarget } from "../target.ts";
import { LengthDecoder, type BodyDecoder } from "./body.ts";
import { ChunkedDecoder } from "./chunked.ts";
import type { Http1FailureCode } from "./failures.ts";
import { announcedLength, listHas, wantsKeepAlive } from "./framing.ts";
import { HeadScanner } from "./head-scanner.ts";
import { RequestLine } from "./request-line.ts";

const EMPTY_LINES_MAX = 4;

export interface RequestLimits {
  /** Of all field lines with the empty line behind them, and of trailers likewise. */
  readonly headerBytes: number;
  readonly targetBytes: number;
}

export interface Http1Head {
  /** Any token; the case counts. */
  readonly method: string;
  /** As it came, and sound: `parseTarget` takes it. */
  readonly target: string;
  readonly minorVersion: 0 | 1;
  readonly fields: Fields;
  /** Null: chunked. 0: no body. */
  readonly contentLength: number | null;
  /** What the client wants. */
  readonly keepAlive: boolean;
  /** The client waits with its body for a 100. Never without a body, never in HTTP/1.0. */
  readonly expectsContinue: boolean;
  /** The Host field, sound; null in HTTP/1.0 without. An absolute target's authority beats it. */
  readonly host: string | null;
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
  readonly #limits: RequestLimits;
  readonly #sink: RequestSink;
  readonly #line: RequestLine;
  readonly #head: HeadScanner;
  #body: BodyDecoder | null = null;
  #step: ParserStep = "idle";
  #emptyLines = 0;
  #lfMissing = false;

  constructor(limits: RequestLimits, sink: RequestSink) {
    this.#limits = limits;
    this.#sink = sink;
    this.#line = new RequestLine(limits.targetBytes);
    this.#head = new HeadScanner({
      startLine: this.#line,
      fieldBytesMax: limits.headerBytes,
      tooLarge: "headTooLarge",
    });
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
    let at = 0;
    if (this.#step === "idle") {
      const skipped = this.#skipEmptyLines(input);
      if (skipped instanceof Failure) return this.#refuse(input, skipped);
      if (skipped === input.length) return skipped;
      this.#step = "head";
      at = skipped;
    }
    return this.#feedHead(input, at);
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

  #feedHead(input: Uint8Array, at: number): number {
    const taken = this.#head.feed(at === 0 ? input : input.subarray(at));
    if (taken instanceof Failure) return this.#refuse(input, taken);
    if (!this.#head.done) return input.length;
    const head = readHead(this.#line, this.#head);
    if (head instanceof Failure) return this.#refuse(input, head);
    this.#head.restart();
    this.#emptyLines = 0;
    if (head.contentLength === 0) {
      this.#step = "idle";
      this.#sink.onHead(head);
      this.#sink.onEnd(null);
    } else {
      this.#step = "body";
      this.#body = this.#decoderFor(head.contentLength);
      this.#sink.onHead(head);
    }
    return at + taken;
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
    this.#body = null;
    this.#sink.onViolation(failure);
    return input.length;
  }
}

/** All that is decided on a head, before anybody sees it. */
function readHead(line: RequestLine, head: HeadScanner): Http1Head | Failure<Http1FailureCode> {
  const fields = head.fields();
  const { minorVersion } = line;
  const method = line.method(head.text);
  const target = line.target(head.text);
  if (target.charCodeAt(0) !== 0x2f || method === "CONNECT") {
    const parsed = parseTarget(method, target); // other targets are sound by their characters
    if (parsed instanceof Failure) return parsed;
  }
  const host = fields.get("host");
  if (host === null && minorVersion === 1) return new Failure("hostMissing");
  // Several Host lines come joined by a comma here, which no host has.
  if (host !== null && parseAuthority(host) === null) return new Failure("hostMalformed", host);
  const length = announcedLength(fields, minorVersion);
  if (length instanceof Failure) return length;
  const contentLength = length === "chunked" ? null : (length ?? 0);
  return {
    method,
    target,
    minorVersion,
    fields,
    contentLength,
    keepAlive: wantsKeepAlive(fields, minorVersion),
    expectsContinue: minorVersion === 1 && contentLength !== 0 && expectsContinue(fields),
    host,
  };
}

function expectsContinue(fields: Fields): boolean {
  const expect = fields.get("expect");
  return expect !== null && listHas(expect, "100-continue");
}
