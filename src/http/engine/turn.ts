// One request under way on a connection, from its head to the last byte of its answer.
import { Failure, type FieldList } from "../../base/failure.ts";
import type { Http1Head } from "../../protocol/index.ts";
import {
  ByteStream,
  Reply,
  Takeover,
  releaseBody,
  type Answer,
  type Arrival,
  type ConnectionFacts,
  type Exchange,
  type Handler,
} from "../exchange/index.ts";
import type { EngineCounters } from "./counters.ts";
import type { DateLine } from "./date-line.ts";
import type { WriteTerms } from "./framing.ts";
import type { PulledBody } from "./pulled-body.ts";
import type { EngineParts, EngineSettings, FinishedExchange } from "./settings.ts";
import { leave } from "./stream-sender.ts";

// The access log's status for a client that left before its answer had a head.
const CLIENT_LEFT = 499;
const NO_FIELDS: FieldList = [];

/** The engine, as far as a turn needs it. */
interface TurnMaker {
  readonly settings: EngineSettings;
  readonly parts: EngineParts;
  readonly counters: EngineCounters;
  nextId(): string;
}

/** The connection, as far as a turn needs it. */
export interface TurnOwner {
  readonly facts: ConnectionFacts;
  /** A handler wants to be told when the client is gone. */
  onWatched(turn: Turn): void;
}

export class Turn implements Arrival {
  /** null where the head could not be read. */
  readonly head: Http1Head | null;
  readonly body: PulledBody;
  /** As in force when the request came: a reload does not change the rules for it. */
  readonly settings: EngineSettings;
  readonly receivedMs: number;
  /** Monotonic; 0 where nobody is told how long it took. */
  readonly startMs: number;
  /** null until it is known whom the request is for. */
  exchange: Exchange | null = null;
  /** It is not answered in the turn of the loop in which it came. */
  isLate = false;
  /** The client was told to go on with its body (100). */
  continued = false;
  /** The status of the answer that is written, or will be in this turn of the loop. */
  status: number | null = null;
  #isGone = false;
  #listeners: (() => void)[] | null = null;
  readonly #owner: TurnOwner;
  readonly #maker: TurnMaker;
  #id: string | null = null;

  constructor(head: Http1Head | null, body: PulledBody, owner: TurnOwner, maker: TurnMaker) {
    const { settings, parts } = maker;
    this.head = head;
    this.body = body;
    this.settings = settings;
    this.receivedMs = parts.clock.nowMs();
    this.startMs = settings.onFinished === null ? 0 : parts.clock.monotonicMs();
    this.#owner = owner;
    this.#maker = maker;
  }

  get connection(): ConnectionFacts {
    return this.#owner.facts;
  }

  get isAnswered(): boolean {
    return this.status !== null;
  }

  /** Somebody is to be told when nobody waits for the answer. */
  get isWatched(): boolean {
    return this.#listeners !== null;
  }

  onGone(listener: () => void): void {
    if (this.#isGone) {
      listener();
      return;
    }
    (this.#listeners ??= []).push(listener);
    this.#owner.onWatched(this);
  }

  /** Nobody waits for the handler's answer any more. Whoever asked to be told is told, once. */
  leave(): void {
    this.#isGone = true;
    const listeners = this.#listeners;
    this.#listeners = null;
    for (const listener of listeners ?? []) {
      try {
        listener();
      } catch (error) {
        this.broken(error);
      }
    }
  }

  /** Made when it is asked for: most answers and logs do not say it. */
  get id(): string {
    this.#id ??= this.#maker.nextId();
    return this.#id;
  }

  /** The client may be waiting to be told to go on with its body, and somebody waits for that. */
  get awaitsContinue(): boolean {
    if (this.head?.expectsContinue !== true || this.continued || this.status !== null) return false;
    return this.body.wanted && this.body.nothingCame;
  }

  /** How its answer is to be written. `failed`: by the table of failures. */
  termsOf(date: DateLine, keepAlive: boolean, failed: boolean): WriteTerms {
    const { head, settings } = this;
    return {
      method: head?.method ?? "GET",
      minorVersion: head?.minorVersion ?? 1,
      date: this.isLate ? date.now() : date.at(this.receivedMs),
      keepAlive,
      extraFields: failed ? NO_FIELDS : this.#extraFields(settings.requestId),
    };
  }

  #extraFields(withId: boolean): FieldList {
    const cookies = this.exchange === null ? NO_FIELDS : this.exchange.cookieFields;
    return withId ? [...cookies, ["X-Request-Id", this.id]] : cookies;
  }

  /** The client wants to go on, and what is left of the body is known, and not over `bytesMax`. */
  mayBeFollowed(bytesMax: number): boolean {
    const { head, body } = this;
    if (head === null || !head.keepAlive || body.failed) return false;
    if (body.complete) return true;
    // A client that was not told to go on may send its body or not: what comes next is unknown.
    if (head.expectsContinue && !body.asked) return false;
    return head.contentLength === null || head.contentLength <= bytesMax;
  }

  /** The reply that `answer` is: a failure is answered from the table, by the site's own page. */
  replyOf(answer: Answer): Reply {
    if (answer instanceof Reply) {
      if (answer.status === 101) this.#checkTakeover(answer);
      return answer;
    }
    return this.settings.failureReply(answer, {
      method: this.head?.method ?? "GET",
      accept: this.head?.fields.get("accept") ?? null,
      host: this.exchange?.host ?? "",
      id: this.id,
    });
  }

  /** Elsewhere the two sides would not agree on where the next request begins. */
  #checkTakeover({ body }: Reply): void {
    const isPossible = this.head !== null && this.head.minorVersion > 0 && this.body.complete;
    if (body instanceof Takeover && isPossible) return;
    throw new Error("101 is for a Takeover, behind a request of HTTP/1.1 without a body");
  }

  /** What `dispatch` answers to `exchange`, a bug of its own too. */
  ask(exchange: Exchange, dispatch: Handler): Answer | Promise<Answer> {
    this.exchange = exchange;
    try {
      return dispatch(exchange);
    } catch (error) {
      return this.broken(error);
    }
  }

  /** Says that its answer broke off, where that is not the client's doing: by a bug with it. */
  cutShort({ message, cause }: Error): void {
    const { log } = this.#maker.parts;
    const notice = `request ${this.id} was cut short: ${message}`;
    if (cause === undefined) log.warn(notice);
    else log.error(notice, cause, this.id);
  }

  /** What the client is told of a bug, which the log is told whole. */
  broken(error: unknown): Failure {
    this.#maker.parts.log.error(`request ${this.id} failed`, error, this.id);
    return new Failure("internalError");
  }

  /** It is over, and counted; `bodyBytes` were written behind its answer's head. */
  finish(bodyBytes: number): void {
    const bytes = this.status === null ? 0 : bodyBytes;
    this.#maker.counters.sentBytes += bytes;
    this.report(bytes);
  }

  /** Tells whoever wants to know that it is over; `bodyBytes` of its answer's body were written. */
  report(bodyBytes: number): void {
    const { onFinished } = this.settings;
    if (onFinished === null) return;
    onFinished(this.#finished(this.#maker.parts.clock.monotonicMs(), bodyBytes));
  }

  /** What the access log says of it. */
  #finished(nowMs: number, bodyBytes: number): FinishedExchange {
    const { head, id, receivedMs } = this;
    const { remoteAddress } = this.connection;
    const status = this.status ?? CLIENT_LEFT;
    const request = head && {
      method: head.method,
      target: head.target,
      minorVersion: head.minorVersion,
      host: this.exchange?.host ?? "",
      referer: head.fields.get("referer"),
      userAgent: head.fields.get("user-agent"),
    };
    const durationMs = nowMs - this.startMs;
    return { remoteAddress, receivedMs, durationMs, id, request, status, bodyBytes };
  }
}

/** Gives back what an answer holds that nobody will write. */
export function discard(answer: Answer): void {
  if (answer instanceof Failure) return;
  releaseBody(answer.body);
  if (answer.body instanceof ByteStream) {
    void abandon(answer.body);
  }
}

/** Tells whoever makes a stream that nobody wants it. */
export function abandon(stream: ByteStream): Promise<void> {
  return leave(stream.source[Symbol.asyncIterator]());
}
