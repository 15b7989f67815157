// What an application sends to a web server that has one request on a connection (FastCGI 1.0 §3.5,
// §5, §6.2). Records of requests that nobody made are refused, not skipped: what they hold would be
// somebody else's answer.
import { GrowingBytes } from "../../base/growing-bytes.ts";
import { Failure } from "../../base/failure.ts";
import type { FastCgiFailure, FastCgiFailureCode } from "./failures.ts";
import { readPairs } from "./pairs.ts";
import { RecordReader } from "./record-reader.ts";
import {
  FASTCGI_STATUSES,
  FASTCGI_TYPES,
  FIXED_CONTENT_BYTES,
  UNKNOWN_TYPES_START,
  type RecordHead,
} from "./records.ts";

export interface FastCgiEnd {
  /** What a CGI program's exit status would be: 0 is success. From 0 to 2³² − 1. */
  readonly appStatus: number;
  /** One of FASTCGI_STATUSES; but for `requestComplete` the request was not taken at all. */
  readonly protocolStatus: number;
}

export interface FastCgiAnswerSink {
  /** Some bytes of standard output, never none, a view of what was fed: copy what is kept. */
  onOutput(bytes: Uint8Array): void;
  /** Of standard error likewise. */
  onError(bytes: Uint8Array): void;
  /** Once. Whether the connection can be used again is known when `feed` has returned. */
  onEnd(end: FastCgiEnd): void;
  /** What was asked for with GET_VALUES, as far as the application knows it; latin1 text. */
  onValues?(values: ReadonlyMap<string, string>): void;
  /** The application does not know the type of a record that was sent to it. */
  onUnknownType?(type: number): void;
}

type Content = "output" | "error" | "end" | "values" | "unknownType" | "skipped";

/** Decodes one answer. The first failure is the last word. */
export class FastCgiAnswerDecoder {
  readonly #requestId: number;
  readonly #sink: FastCgiAnswerSink;
  readonly #reader: RecordReader;
  #values: GrowingBytes | null = null; // hardly anybody asks for any
  #content: Content = "skipped";
  /** Of the record that has a content of fixed length: its bytes so far, and what they say. */
  #fixedBytes = 0;
  #number = 0;
  #protocolStatus = 0;
  #outputEnded = false;
  #errorEnded = false;
  #ended = false;
  #failure: FastCgiFailure | null = null;

  /** `requestId` 0: no request was made, only values asked for. */
  constructor(requestId: number, sink: FastCgiAnswerSink) {
    this.#requestId = requestId;
    this.#sink = sink;
    this.#reader = new RecordReader({
      onRecord: (record) => this.#begin(record),
      onContent: (bytes) => this.#take(bytes),
      onRecordEnd: () => this.#end(),
    });
  }

  /** END_REQUEST has come, with its padding. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The answer has ended and no byte of anything else has come: another request may be sent. */
  get reusable(): boolean {
    return this.#ended && this.#failure === null && this.#reader.between;
  }

  /** Takes all of `bytes`, or fails. A failure behind `onEnd` leaves the answer whole. */
  feed(bytes: Uint8Array): FastCgiFailure | null {
    this.#failure ??= this.#reader.feed(bytes);
    return this.#failure;
  }

  /** The connection has ended. */
  end(): FastCgiFailure | null {
    if (!this.#ended && this.#requestId !== 0) {
      this.#failure ??= failure("fastcgiCut", "before END_REQUEST");
    }
    return this.#failure;
  }

  #begin(record: RecordHead): FastCgiFailure | null {
    const { type, requestId } = record;
    if (requestId === 0) return this.#beginOfConnection(record);
    if (requestId !== this.#requestId) return failure("fastcgiRecordUnasked", name(record));
    if (this.#ended) return failure("fastcgiRecordUnasked", `${name(record)} behind the end`);
    switch (type) {
      case FASTCGI_TYPES.stdout:
        this.#content = "output";
        return this.#beginStream(record, this.#outputEnded);
      case FASTCGI_TYPES.stderr:
        this.#content = "error";
        return this.#beginStream(record, this.#errorEnded);
      case FASTCGI_TYPES.endRequest:
        return this.#beginFixed("end", record);
    }
    return failure("fastcgiRecordUnasked", name(record));
  }

  /** Records that are no request's; types that are not known may come of later versions (§4). */
  #beginOfConnection(record: RecordHead): FastCgiFailure | null {
    const { type } = record;
    if (type === FASTCGI_TYPES.unknownType) return this.#beginFixed("unknownType", record);
    this.#content = type === FASTCGI_TYPES.getValuesResult ? "values" : "skipped";
    if (this.#content === "values") return null;
    const known = type > 0 && type < UNKNOWN_TYPES_START;
    return known ? failure("fastcgiRecordUnasked", name(record)) : null;
  }

  /** An empty record ends a stream; END_REQUEST ends what was not ended so, as php-fpm has it. */
  #beginStream(record: RecordHead, ended: boolean): FastCgiFailure | null {
    if (record.contentBytes > 0) {
      return ended ? failure("fastcgiRecordMalformed", `${name(record)}: it had ended`) : null;
    }
    if (this.#content === "output") this.#outputEnded = true;
    else this.#errorEnded = true;
    return null;
  }

  #beginFixed(content: "end" | "unknownType", record: RecordHead): FastCgiFailure | null {
    this.#content = content;
    this.#fixedBytes = 0;
    this.#number = 0;
    if (record.contentBytes === FIXED_CONTENT_BYTES) return null;
    return failure("fastcgiRecordMalformed", `${name(record)}: ${record.contentBytes} bytes`);
  }

  #take(bytes: Uint8Array): null {
    if (this.#content === "output") this.#sink.onOutput(bytes);
    else if (this.#content === "error") this.#sink.onError(bytes);
    else if (this.#content === "values") (this.#values ??= new GrowingBytes()).add(bytes);
    else if (this.#content !== "skipped") this.#takeFixed(bytes);
    return null;
  }

  /** Four bytes are a number, of which UNKNOWN_TYPE has the first; the fifth is a status. */
  #takeFixed(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#fixedBytes < 4) this.#number = ((this.#number << 8) | byte) >>> 0;
      else if (this.#fixedBytes === 4) this.#protocolStatus = byte;
      this.#fixedBytes += 1;
    }
  }

  #end(): FastCgiFailure | null {
    if (this.#content === "end") return this.#endRequest();
    if (this.#content === "values") return this.#giveValues();
    if (this.#content === "unknownType") this.#sink.onUnknownType?.(this.#number >>> 24);
    return null;
  }

  #endRequest(): FastCgiFailure | null {
    const protocolStatus = this.#protocolStatus;
    if (protocolStatus > FASTCGI_STATUSES.unknownRole) {
      return failure("fastcgiRecordMalformed", `protocol status ${protocolStatus}`);
    }
    this.#ended = true;
    this.#sink.onEnd({ appStatus: this.#number, protocolStatus });
    return null;
  }

  #giveValues(): FastCgiFailure | null {
    const pairs = this.#values === null ? [] : readPairs(this.#values.take());
    if (pairs instanceof Failure) return pairs;
    this.#sink.onValues?.(new Map(pairs));
    return null;
  }
}

function failure(code: FastCgiFailureCode, detail: string): FastCgiFailure {
  return new Failure(code, detail);
}

function name({ type, requestId }: RecordHead): string {
  return `type ${type} for request ${requestId}`;
}
