// Responses out of bytes (RFC 9112), for clients: as strict as the request parser, and for the same
// reason. How a response ends depends on the request it answers, so each request is announced
// first.
import { Failure } from "../../base/failure.ts";
import type { Fields } from "../fields.ts";
import { LengthDecoder, UntilCloseDecoder, type BodyDecoder } from "./body.ts";
import { ChunkedDecoder } from "./chunked.ts";
import type { Http1FailureCode } from "./failures.ts";
import { announcedLength, wantsKeepAlive, type Length } from "./framing.ts";
import { HeadScanner } from "./head-scanner.ts";
import type { ParserStep } from "./request-parser.ts";
import { StatusLine } from "./status-line.ts";

const INTERIM_MAX = 32;

export interface ResponseLimits {
  /** Of all field lines with the empty line behind them, and of trailers likewise. */
  readonly headerBytes: number;
}

export interface Http1ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly minorVersion: 0 | 1;
  readonly fields: Fields;
  /** What Content-Length says; after HEAD and with 304 it is not the length of this body. */
  readonly contentLength: number | null;
  /** What ends the body. */
  readonly framing: "none" | "length" | "chunked" | "close";
  /** The connection can be used again once the body ended. */
  readonly keepAlive: boolean;
}

export interface ResponseSink {
  /** A 1xx; the final answer is still to come. */
  onInterim(head: Http1ResponseHead): void;
  onHead(head: Http1ResponseHead): void;
  /** `bytes` is the feeder's: copy what is kept. */
  onContent(bytes: Uint8Array): void;
  onEnd(trailers: Fields | null): void;
  /** Its code is one of HTTP1_FAILURES or RESPONSE_FAILURES. Nothing more is read. */
  onViolation(failure: Failure): void;
}

export class ResponseParser {
  readonly #limits: ResponseLimits;
  readonly #sink: ResponseSink;
  readonly #line = new StatusLine();
  readonly #head: HeadScanner;
  readonly #methods: string[] = [];
  #body: BodyDecoder | null = null;
  #step: ParserStep = "idle";
  #interims = 0;

  constructor(limits: ResponseLimits, sink: ResponseSink) {
    this.#limits = limits;
    this.#sink = sink;
    this.#head = new HeadScanner({
      startLine: this.#line,
      fieldBytesMax: limits.headerBytes,
      tooLarge: "headTooLarge",
    });
  }

  get step(): ParserStep {
    return this.#step;
  }

  /** A request with `method` was sent, and wants an answer behind those wanted before. */
  expect(method: string): void {
    if (method === "CONNECT") throw new Error("tunnels are not spoken here");
    this.#methods.push(method);
  }

  /** As RequestParser's: stops right behind each head, and right behind `onEnd`. */
  feed(input: Uint8Array): number {
    if (this.#step === "dead" || input.length === 0) return input.length;
    if (this.#step === "body") return this.#feedBody(input);
    if (this.#methods.length === 0) return this.#refuse(input, new Failure("responseUnasked"));
    this.#step = "head";
    return this.#feedHead(input);
  }

  /** The connection has ended. */
  end(): void {
    const complete = this.#step === "idle" && this.#methods.length === 0;
    if (this.#step === "body" && this.#body instanceof UntilCloseDecoder) this.#finish(null);
    else if (this.#step !== "dead" && !complete) this.#refuse(null, new Failure("responseCut"));
    this.#step = "dead";
  }

  #feedHead(input: Uint8Array): number {
    const taken = this.#head.feed(input);
    if (taken instanceof Failure) return this.#refuse(input, taken);
    if (!this.#head.done) return taken;
    const fields = this.#head.fields();
    const length = announcedLength(fields, this.#line.minorVersion);
    if (length instanceof Failure) return this.#refuse(input, length);
    const head = this.#readHead(fields, length);
    this.#head.restart();
    return head.status < 200 ? this.#takeInterim(input, head, taken) : this.#takeFinal(head, taken);
  }

  #readHead(fields: Fields, length: Length): Http1ResponseHead {
    const { minorVersion } = this.#line;
    const status = this.#line.status(this.#head.text);
    const framing = framingOf(this.#methods[0]!, status, length);
    return {
      status,
      reason: this.#line.reason(this.#head.text),
      minorVersion,
      fields,
      contentLength: length === "chunked" ? null : length,
      framing,
      keepAlive: framing !== "close" && wantsKeepAlive(fields, minorVersion),
    };
  }

  #takeInterim(input: Uint8Array, head: Http1ResponseHead, taken: number): number {
    if (head.status === 101) return this.#refuse(input, new Failure("switchUnasked"));
    this.#interims += 1;
    if (this.#interims > INTERIM_MAX) return this.#refuse(input, new Failure("interimTooMany"));
    this.#step = "idle";
    this.#sink.onInterim(head);
    return taken;
  }

  #takeFinal(head: Http1ResponseHead, taken: number): number {
    this.#body = this.#decoderFor(head);
    this.#step = "body";
    this.#sink.onHead(head);
    if (this.#body.done) this.#finish(null);
    return taken;
  }

  #decoderFor({ framing, contentLength }: Http1ResponseHead): BodyDecoder {
    if (framing === "chunked") return new ChunkedDecoder(this.#limits.headerBytes);
    if (framing === "close") return new UntilCloseDecoder();
    return new LengthDecoder(framing === "length" ? contentLength! : 0);
  }

  #feedBody(input: Uint8Array): number {
    const body = this.#body!;
    const taken = body.feed(input, this.#sink);
    if (taken instanceof Failure) return this.#refuse(input, taken);
    if (body.done) this.#finish(body.trailers);
    return taken;
  }

  #finish(trailers: Fields | null): void {
    this.#step = "idle";
    this.#body = null;
    this.#interims = 0;
    this.#methods.shift();
    this.#sink.onEnd(trailers);
  }

  #refuse(input: Uint8Array | null, failure: Failure<Http1FailureCode>): number {
    this.#step = "dead";
    this.#body = null;
    this.#sink.onViolation(failure);
    return input?.length ?? 0;
  }
}

/** RFC 9112 §6.3, from the client's side. */
function framingOf(method: string, status: number, length: Length): Http1ResponseHead["framing"] {
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return "none";
  if (length === "chunked") return "chunked";
  return length === null ? "close" : "length";
}
