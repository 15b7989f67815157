// One request and what is known of it: what every handler and filter is handed. Nothing is decoded
// before it is asked for, but the path: routing and every check look at the same decoded path.
import { Failure, type FieldList } from "../../base/failure.ts";
import { decodePath, type Asked, type Fields } from "../../protocol/index.ts";
import { NO_BODY, withoutBody } from "./as-get.ts";
import { Cookies } from "./cookies.ts";
import type { Reply } from "./reply.ts";
import type { Session } from "./session.ts";

/** What a handler may return: an answer, or what the client did wrong (answered from the table). */
export type Answer = Reply | Failure;

/** Answers a request. A handler that need not wait returns at once: no promise. */
export type Handler = (exchange: Exchange) => Answer | Promise<Answer>;

/** Wraps a handler: may answer itself, change what goes in, or change what comes out. */
export type Filter = (next: Handler) => Handler;

export interface RequestHead {
  readonly method: string;
  /** As it came: origin-form, absolute-form or `*` (RFC 9112 §3.2). */
  readonly target: string;
  /** 0 or 1, of HTTP/1.x; HTTP/2 counts as 1 here. */
  readonly minorVersion: number;
  readonly fields: Fields;
  /**
   * What whoever answers keeps with a head that may come again: requests of equal heads have one.
   * Null: nothing yet; undefined: it is this request's alone.
   */
  kept?: object | null;
}

/** The request's content, by pull: nothing is taken from the socket before somebody asks. */
export interface RequestBody {
  /** Bytes announced by Content-Length; 0 without a body; null for chunked. */
  readonly length: number | null;
  /**
   * What of it is taken at most: the route's bound, or a handler's own, set before it first asks.
   * Beyond it `bodyTooLarge`: before a byte is read where that is announced, else once it has come.
   */
  bytesMax: number;
  /** How many bytes have come already, and wait to be asked for. */
  readonly readyBytes: number;
  /**
   * The next piece, null at the end, or why there is no more. A piece is as it came, 64 KiB mostly,
   * and the asker's for good: it was copied for it, so that a client that drips holds no more
   * memory than it sent.
   */
  read(): Promise<Uint8Array | null | Failure>;
  /**
   * Fills `into` from its start. Resolves with how many bytes came: fewer than `into.length` only
   * where the body ended. Of one that failed, what came of the last block is not said.
   *
   * `into` is the body's until then: the kernel may read into it, and nothing is copied. This is
   * for bodies that come fast, as a client that drips would hold a whole block: take one from a
   * pool behind pieces that came quickly only, and go on with `read` where none is free. The two
   * may take turns, and one waits at a time.
   */
  fill(into: Uint8Array): Promise<number | Failure>;
}

export interface ConnectionFacts {
  /** The peer's address without port; "" on a unix socket. */
  readonly remoteAddress: string;
  /** Came by a unix socket: the loopback guard does not apply. */
  readonly unix: boolean;
  readonly remotePort: number;
  /** The address that the client reached; "" on a unix socket. The system is asked for it. */
  readonly localAddress: string;
  readonly localPort: number;
  /** Came by TLS. */
  readonly secure: boolean;
}

/** What stands between the client and this server, and is believed what it says of the client. */
export interface Forwarders {
  /** Whether it says that the client came by TLS. */
  saysTls(exchange: Exchange): boolean;
}

/** How often one request may be sent on to another route before it counts as a loop. */
const REROUTES_MAX = 10;

const NONE: FieldList = [];

/** What the parameters of a route's path (`:name`) stand for, decoded; without prototype. */
export type Params = Readonly<Record<string, string>>;

const NO_PARAMS: Params = Object.freeze(Object.create(null) as Record<string, string>);

/** How a request came. */
export interface Arrival {
  readonly body: RequestBody;
  readonly connection: ConnectionFacts;
  // Of the rest see `Exchange`.
  readonly receivedMs: number;
  readonly id: string;
  readonly isAnswered: boolean;
  onGone(listener: () => void): void;
}

/** For whom and for what a request is, as `Asked` has it. */
export type Address = Omit<Asked, "form">;

export class Exchange<P extends Params = Params> {
  /** As it came, but for what `reroute` takes away. */
  request: RequestHead;
  /** Host without port, lower case, brackets kept for IPv6; "" where HTTP/1.0 sent none. */
  readonly host: string;
  /** Host and port as the client wrote it, for absolute URLs. */
  readonly authority: string;
  /** The path, percent-decoded once, "/"-led, without dot segments; `%2F` stays as it is. */
  path: string;
  /** The path as it came. */
  rawPath: string;
  /** Behind the first `?`, without it; "" when there is none. */
  query: string;
  /** How many characters of `path` the route's prefix covers; `rest` starts behind. */
  prefixLength = 0;
  /** How often this request was sent on to another route so far. */
  reroutes = 0;
  /** What the parameters of the route's path stand for. */
  params: P = NO_PARAMS as P;
  /** The visitor's, on routes that have sessions. */
  session: Session | null = null;
  /** Of a route which sent the request on, and which saves it. */
  sentSession: Session | null = null;
  /** What the route puts on answers that are made without its handler (a deadline's). */
  answerFields: FieldList = NONE;
  /** null: nobody is believed. */
  forwarders: Forwarders | null = null;
  #cookies: Cookies | null = null;
  readonly #arrival: Arrival;
  readonly #dispatch: Handler;
  #hasBody = true;

  /** `dispatch` answers an exchange by its host and path; `reroute` needs it. */
  constructor(request: RequestHead, address: Address, arrival: Arrival, dispatch: Handler) {
    this.request = request;
    this.host = address.host;
    this.authority = address.authority;
    this.path = address.path;
    this.rawPath = address.rawPath;
    this.query = address.query;
    this.#arrival = arrival;
    this.#dispatch = dispatch;
  }

  get body(): RequestBody {
    return this.#hasBody ? this.#arrival.body : NO_BODY;
  }

  get connection(): ConnectionFacts {
    return this.#arrival.connection;
  }

  /** Milliseconds since 1970, when the head was complete. */
  get receivedMs(): number {
    return this.#arrival.receivedMs;
  }

  /** Unique for this request; on error answers and in the log. Made when it is asked for. */
  get id(): string {
    return this.#arrival.id;
  }

  /** An answer went out already: the handler's deadline has passed, and its own goes nowhere. */
  get isAnswered(): boolean {
    return this.#arrival.isAnswered;
  }

  get method(): string {
    return this.request.method;
  }

  get fields(): Fields {
    return this.request.fields;
  }

  /** The client came by TLS: to this server, or to one in front of it that is trusted. */
  get secure(): boolean {
    return this.connection.secure || this.forwarders?.saysTls(this) === true;
  }

  /** Those that the client sent, and those that the answer is to set. */
  get cookies(): Cookies {
    this.#cookies ??= new Cookies(this.fields, this.secure);
    return this.#cookies;
  }

  /** Of the cookies that the answer is to set. */
  get cookieFields(): FieldList {
    return this.#cookies === null ? NONE : this.#cookies.fields;
  }

  /** What the route's `*` matched, decoded, without its leading slash. */
  get restPath(): string {
    return this.path.slice(this.prefixLength);
  }

  /** What the route's `*` matched, as it came (still encoded), without its leading slash. */
  get rest(): string {
    if (this.prefixLength >= this.path.length) return "";
    let raw = 0;
    // Decoding never makes or removes a slash, so the same slash ends the prefix in both.
    for (let at = 0; at < this.prefixLength; at += 1) {
      if (this.path[at] === "/") raw = this.rawPath.indexOf("/", raw) + 1;
    }
    return this.rawPath.slice(raw);
  }

  /**
   * Calls `listener`, once, when nobody waits for the answer any more though it is not all sent:
   * the client left, the handler's deadline passed, the connection was cut. At once, where that is
   * so already. Of a client that says that it sends no more (half-closes) it is not known whether
   * it still reads: from this call on it counts as gone, and its connection is closed.
   */
  onGone(listener: () => void): void {
    this.#arrival.onGone(listener);
  }

  /**
   * Answers this request as if `target` ("/path?query", encoded) had been asked for; `asGet`: by
   * GET (HEAD stays HEAD), without a body. A target that is none is our mistake and throws; a
   * request that is sent on for ever is a `rerouteLoop`.
   */
  reroute(target: string, how?: { readonly asGet: boolean }): Answer | Promise<Answer> {
    this.reroutes += 1;
    if (this.reroutes > REROUTES_MAX) return new Failure("rerouteLoop", target);
    const question = target.indexOf("?");
    const rawPath = question < 0 ? target : target.slice(0, question);
    const path = decodePath(rawPath);
    if (path instanceof Failure || path[0] !== "/") throw new Error(`no target: ${target}`);
    this.path = path;
    this.rawPath = rawPath;
    this.query = question < 0 ? "" : target.slice(question + 1);
    this.prefixLength = 0;
    this.params = NO_PARAMS as P;
    this.sentSession ??= this.session;
    this.session = null;
    if (how?.asGet === true) this.becomeGet();
    return this.#dispatch(this);
  }

  /** From now on it is a GET (HEAD stays HEAD), without a body. */
  becomeGet(): void {
    this.request = withoutBody(this.request);
    this.#hasBody = false;
  }
}
