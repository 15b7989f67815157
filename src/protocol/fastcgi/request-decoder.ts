// What a web server sends to an application (FastCGI 1.0 §3.5, §5, §6). Records of requests that do
// not run are ignored, since their server may not know yet that they have ended (§3.3). A request's
// parameters come before its input, as every application in use wants them.
import { Failure } from "../../base/failure.ts";
import { GrowingBytes } from "../../base/growing-bytes.ts";
import type { FastCgiFailure, FastCgiFailureCode } from "./failures.ts";
import { readPairs, type Pairs } from "./pairs.ts";
import { RecordReader } from "./record-reader.ts";
import type { FastCgiRequestStart } from "./request-encoder.ts";
import {
  FASTCGI_TYPES,
  FIXED_CONTENT_BYTES,
  KEEP_CONNECTION,
  UNKNOWN_TYPES_START,
  type RecordHead,
} from "./records.ts";

export interface FastCgiRequestLimits {
  /** That run at once on this connection. */
  readonly requests: number;
  /** Of a request's names and values, with their lengths. */
  readonly paramsBytes: number;
}

export const FASTCGI_REQUEST_LIMITS: FastCgiRequestLimits = {
  requests: 1,
  paramsBytes: 1024 * 1024,
};

export interface FastCgiRequestSink {
  onBegin(start: FastCgiRequestStart): void;
  /** Once all have come. */
  onParams(requestId: number, params: Pairs): void;
  /** Some bytes of standard input, never none: lent. */
  onInput(requestId: number, bytes: Uint8Array): void;
  onInputEnd(requestId: number): void;
  /** A filter's second input (§6.4). */
  onData?(requestId: number, bytes: Uint8Array): void;
  onDataEnd?(requestId: number): void;
  /** Nobody waits for the answer any more; END_REQUEST is still to be sent. */
  onAbort(requestId: number): void;
  /** One request too many: answer it with END_REQUEST and `cannotMultiplex`. */
  onTooMany(requestId: number): void;
  /** To be answered with GET_VALUES_RESULT: those of them that are known. */
  onGetValues(names: readonly string[]): void;
  /** To be answered with UNKNOWN_TYPE. */
  onUnknownType(type: number): void;
}

type Stream = "params" | "stdin" | "data";
type Content = Stream | "begin" | "getValues" | "unknownType" | "tooMany" | "skipped";

interface RunningRequest {
  readonly params: GrowingBytes;
  readonly ended: Set<Stream>;
}

/** Decodes the requests of one connection. The first failure is the last word. */
export class FastCgiRequestDecoder {
  readonly #sink: FastCgiRequestSink;
  readonly #limits: FastCgiRequestLimits;
  readonly #running = new Map<number, RunningRequest>();
  readonly #gathered = new GrowingBytes();
  readonly #reader: RecordReader;
  #record: RecordHead = { type: 0, requestId: 0, contentBytes: 0 };
  #content: Content = "skipped";
  #failure: FastCgiFailure | null = null;

  constructor(sink: FastCgiRequestSink, limits = FASTCGI_REQUEST_LIMITS) {
    this.#sink = sink;
    this.#limits = limits;
    this.#reader = new RecordReader({
      onRecord: (record) => this.#begin(record),
      onContent: (bytes) => this.#take(bytes),
      onRecordEnd: () => this.#end(),
    });
  }

  /** Takes all of `bytes`, or fails. */
  feed(bytes: Uint8Array): FastCgiFailure | null {
    this.#failure ??= this.#reader.feed(bytes);
    return this.#failure;
  }

  /** END_REQUEST was sent: what still comes of this request is ignored. Its id may come again. */
  close(requestId: number): void {
    this.#running.delete(requestId);
  }

  /** The connection has ended. */
  end(): FastCgiFailure | null {
    if (this.#running.size > 0 || !this.#reader.between) {
      this.#failure ??= failure("fastcgiCut", `with ${this.#running.size} requests`);
    }
    return this.#failure;
  }

  #begin(record: RecordHead): FastCgiFailure | null {
    this.#record = record;
    this.#content = "skipped";
    if (record.requestId === 0) return this.#beginOfConnection(record);
    const request = this.#running.get(record.requestId);
    if (record.type === FASTCGI_TYPES.beginRequest) return this.#beginRequest(record, request);
    if (request === undefined) return null;
    switch (record.type) {
      case FASTCGI_TYPES.abortRequest:
        if (record.contentBytes > 0) return malformed(record);
        this.#sink.onAbort(record.requestId);
        return null;
      case FASTCGI_TYPES.params:
        return this.#beginStream("params", record, request);
      case FASTCGI_TYPES.stdin:
        return this.#beginStream("stdin", record, request);
      case FASTCGI_TYPES.data:
        return this.#beginStream("data", record, request);
    }
    return failure("fastcgiRecordUnasked", name(record));
  }

  #beginOfConnection(record: RecordHead): FastCgiFailure | null {
    const known = record.type > 0 && record.type < UNKNOWN_TYPES_START;
    if (record.type === FASTCGI_TYPES.getValues) this.#content = "getValues";
    else if (known) return failure("fastcgiRecordUnasked", name(record));
    else this.#content = "unknownType";
    return null;
  }

  #beginRequest(record: RecordHead, running: RunningRequest | undefined): FastCgiFailure | null {
    if (record.contentBytes !== FIXED_CONTENT_BYTES) return malformed(record);
    if (running !== undefined) {
      return failure("fastcgiRecordUnasked", `${name(record)}, which runs already`);
    }
    this.#content = this.#running.size < this.#limits.requests ? "begin" : "tooMany";
    return null;
  }

  #beginStream(
    stream: Stream,
    record: RecordHead,
    { params, ended }: RunningRequest,
  ): FastCgiFailure | null {
    if (ended.has(stream)) return malformed(record, "the stream had ended");
    if (stream !== "params" && !ended.has("params")) {
      return malformed(record, "the parameters have not ended");
    }
    if (stream === "params" && params.length + record.contentBytes > this.#limits.paramsBytes) {
      return malformed(record, `parameters over ${this.#limits.paramsBytes} bytes`);
    }
    this.#content = stream;
    return null;
  }

  #take(bytes: Uint8Array): null {
    const { requestId } = this.#record;
    if (this.#content === "begin" || this.#content === "getValues") this.#gathered.add(bytes);
    const request = this.#running.get(requestId);
    if (request === undefined) return null; // none, or closed while its record is on its way
    if (this.#content === "params") request.params.add(bytes);
    else if (this.#content === "stdin") this.#sink.onInput(requestId, bytes);
    else if (this.#content === "data") this.#sink.onData?.(requestId, bytes);
    return null;
  }

  #end(): FastCgiFailure | null {
    const { requestId, type } = this.#record;
    switch (this.#content) {
      case "begin":
        this.#openRequest(this.#gathered.take());
        return null;
      case "tooMany":
        this.#sink.onTooMany(requestId);
        return null;
      case "getValues":
        return this.#askForValues(this.#gathered.take());
      case "unknownType":
        this.#sink.onUnknownType(type);
        return null;
      case "params":
      case "stdin":
      case "data":
        return this.#record.contentBytes === 0 ? this.#endStream(this.#content) : null;
      case "skipped":
        return null;
    }
  }

  #openRequest(content: Buffer): void {
    const { requestId } = this.#record;
    this.#running.set(requestId, { params: new GrowingBytes(), ended: new Set() });
    const keepConnection = (content[2]! & KEEP_CONNECTION) !== 0;
    this.#sink.onBegin({ requestId, role: content.readUInt16BE(0), keepConnection });
  }

  #endStream(stream: Stream): FastCgiFailure | null {
    const { requestId } = this.#record;
    const request = this.#running.get(requestId);
    if (request === undefined) return null;
    request.ended.add(stream);
    if (stream === "stdin") this.#sink.onInputEnd(requestId);
    if (stream === "data") this.#sink.onDataEnd?.(requestId);
    if (stream !== "params") return null;
    const params = readPairs(request.params.take());
    if (params instanceof Failure) return params;
    this.#sink.onParams(requestId, params);
    return null;
  }

  #askForValues(content: Buffer): FastCgiFailure | null {
    const pairs = readPairs(content);
    if (pairs instanceof Failure) return pairs;
    this.#sink.onGetValues(pairs.map(([asked]) => asked));
    return null;
  }
}

function failure(code: FastCgiFailureCode, detail: string): FastCgiFailure {
  return new Failure(code, detail);
}

function malformed(record: RecordHead, why = `${record.contentBytes} bytes`): FastCgiFailure {
  return failure("fastcgiRecordMalformed", `${name(record)}: ${why}`);
}

function name({ type, requestId }: RecordHead): string {
  return `type ${type} for request ${requestId}`;
}
