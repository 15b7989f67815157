// One request's way through a program: written, answered, and its connection kept or cut. It has a
// connection to itself (nobody multiplexes), and is sent once: tried again only where there was no
// connection, so that not a byte of it was written.
import { Failure } from "../../base/failure.ts";
import type { Log } from "../../base/log.ts";
import type { Answer } from "../../http/exchange/index.ts";
import { RETRY_AFTER_S, type OutputSource, type ProgramAnswer } from "../../http/gateway/index.ts";
import {
  encodeAbort,
  FASTCGI_STATUSES,
  FastCgiAnswerDecoder,
  type FastCgiAnswerSink,
  type FastCgiEnd,
} from "../../protocol/index.ts";
import {
  ComplaintLines,
  type Connection,
  type Connections,
  type OutgoingSink,
} from "../../runtime/index.ts";
import type { Spool } from "../../storage/index.ts";
import { writeSpool } from "./write-spool.ts";

/** Each connection has one request at a time. */
export const REQUEST_ID = 1;
const ABORT = encodeAbort(REQUEST_ID);
const RETRY_MS = 100;

export interface RunOptions {
  /** How the script is called in the log. */
  readonly name: string;
  readonly log: Log;
  /** BEGIN_REQUEST, PARAMS, and what is in memory of STDIN; not to change before `onOver`. */
  readonly request: Uint8Array;
  readonly connections: Connections;
  /** The program was asked to keep the connection. */
  readonly keeps: boolean;
  /** How often to connect again: a process that is started anew listens soon. */
  readonly tries: number;
  /** How long it may go on when nobody wants its output any more. */
  readonly afterMs: number;
  /** What is still to be sent behind the request's first bytes; null: nothing. */
  readonly body: Spool | null;
  /** Called once; "left": the program may still be at work, or has ended and comes back. */
  onOver(how: "done" | "left"): void;
}

export class FastCgiRun implements OutgoingSink, OutputSource, FastCgiAnswerSink {
  readonly #options: RunOptions;
  readonly #answer: ProgramAnswer;
  readonly #decoder = new FastCgiAnswerDecoder(REQUEST_ID, this);
  #connection: Connection | null = null;
  #complaints: ComplaintLines | null = null;
  #triesLeft: number;
  #wantsMore = true;
  #end: FastCgiEnd | null = null;
  #isOver = false;
  #late: NodeJS.Timeout | null = null;

  /** `answerOf` makes what takes the output, which asks this run for more. */
  constructor(options: RunOptions, answerOf: (source: OutputSource) => ProgramAnswer) {
    this.#options = options;
    this.#triesLeft = options.tries;
    this.#answer = answerOf(this);
  }

  /** Sends the request. */
  start(): Promise<Answer> {
    this.#connect();
    return this.#answer.answer;
  }

  /** Nobody waits for the answer any more. */
  onGone(): void {
    this.#giveUp(new Failure("clientGone"));
  }

  #connect(inImmediate = false): void {
    const connection = this.#options.connections.take(this, inImmediate);
    if (connection === null) {
      setImmediate(() => {
        if (!this.#isOver) this.#connect(true);
      });
      return;
    }
    this.#connection = connection;
    connection.write(this.#options.request);
    if (this.#options.body !== null) void this.#sendBody(this.#options.body, connection);
  }

  async #sendBody(body: Spool, connection: Connection): Promise<void> {
    try {
      await writeSpool(body, REQUEST_ID, connection, () => !this.#isOver);
    } catch (error) {
      if (connection.isOver || this.#isOver) return; // which is told by its end
      this.#options.log.error(`${this.#options.name}: the body can't be read`, error);
      this.#giveUp(new Failure("storageFailed"));
    }
  }

  // ── what the program sends ───────────────────────────────────────────────────────────────────

  onBytes(chunk: Uint8Array): boolean {
    this.#wantsMore = true;
    const failure = this.#decoder.feed(chunk);
    if (this.#isOver) return true;
    if (this.#end !== null) this.#ended(this.#end);
    else if (failure !== null) this.#giveUp(failure);
    else if (this.#answer.isOver && this.#late === null) this.#mayGoOn();
    return this.#wantsMore;
  }

  onOutput(bytes: Uint8Array): void {
    this.#wantsMore = this.#answer.feed(bytes);
  }

  onError(bytes: Uint8Array): void {
    const { log, name } = this.#options;
    this.#complaints ??= new ComplaintLines((line) => log.warn(`${name}: ${line}`));
    this.#complaints.feed(bytes);
  }

  onEnd(end: FastCgiEnd): void {
    this.#end = end;
  }

  onClose(code: string | null): void {
    if (this.#isOver) return;
    const connection = this.#connection;
    if (connection?.isConnected === true) {
      this.#options.connections.lost(connection);
      const cut = this.#decoder.end();
      this.#over("left", cut ?? new Failure("programFailed", "no END_REQUEST"));
    } else this.#notReached(code ?? "");
  }

  #ended({ protocolStatus }: FastCgiEnd): void {
    const { keeps, connections, body } = this.#options;
    const connection = this.#connection!;
    const isSent = body === null && connection.unsentBytes === 0;
    const mayServe = keeps && isSent && this.#decoder.reusable && !connection.isOver;
    const refusal = refusalOf(protocolStatus);
    this.#wantsMore = true; // whoever has the connection next
    if (mayServe) {
      this.#finish(refusal);
      connections.give(connection);
      this.#options.onOver("done");
    } else {
      this.#over("done", refusal);
    }
  }

  // ── what becomes of its output ───────────────────────────────────────────────────────────────

  resume(): void {
    this.#connection?.resume();
  }

  leave(): void {
    if (this.#isOver) return;
    if (this.#answer.failure !== null) {
      this.#giveUp(this.#answer.failure);
      return;
    }
    this.#connection?.resume();
    this.#wantsMore = true;
    this.#mayGoOn();
  }

  /** Behind its answer, for a while: nobody is there any more whose leaving would end it. */
  #mayGoOn(): void {
    this.#after(this.#options.afterMs, () => this.#giveUp(new Failure("clientGone")));
  }

  // ── its end ──────────────────────────────────────────────────────────────────────────────────

  #notReached(code: string): void {
    if (this.#triesLeft > 0 && (code === "ECONNREFUSED" || code === "ENOENT")) {
      this.#triesLeft -= 1;
      this.#after(RETRY_MS, () => this.#connect());
      return;
    }
    this.#over("done", unreachable(code));
  }

  /** It is told to stop, and not waited for. */
  #giveUp(why: Failure): void {
    if (this.#isOver) return;
    const connection = this.#connection;
    if (connection?.isConnected === true && !connection.isOver) connection.write(ABORT);
    this.#over("left", why);
  }

  #over(how: "done" | "left", failure: Failure | null): void {
    this.#finish(failure);
    this.#connection?.destroy();
    this.#options.onOver(how);
  }

  #finish(failure: Failure | null): void {
    this.#isOver = true;
    if (this.#late !== null) clearTimeout(this.#late);
    this.#complaints?.end();
    this.#answer.end(failure);
    const why = this.#answer.failure;
    if (why === null || why.code === "clientGone") return;
    this.#options.log.warn(`${this.#options.name}: no good answer: ${why.code} ${why.detail}`);
  }

  #after(ms: number, act: () => void): void {
    if (this.#late !== null) clearTimeout(this.#late);
    this.#late = setTimeout(() => {
      this.#late = null;
      act();
    }, ms).unref();
  }
}

/** Why the program did not take the request at all; null: it did. */
function refusalOf(protocolStatus: number): Failure | null {
  if (protocolStatus === FASTCGI_STATUSES.requestComplete) return null;
  if (protocolStatus === FASTCGI_STATUSES.unknownRole) {
    return new Failure("programFailed", "it is no FastCGI responder");
  }
  return busy("it takes no more requests now");
}

function unreachable(code: string): Failure {
  // EAGAIN: the queue of a unix socket is full; the others: ours are used up.
  const isBusy = code === "EAGAIN" || code === "EMFILE" || code === "ENFILE" || code === "ENOBUFS";
  return isBusy ? busy(code) : new Failure("programUnreachable", code);
}

function busy(detail: string): Failure {
  return new Failure("programBusy", detail, [["Retry-After", RETRY_AFTER_S]]);
}
