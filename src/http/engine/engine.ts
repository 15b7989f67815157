// The HTTP engine: its connections, and what they share. Settings may be exchanged while it runs:
// requests under way keep theirs, the next ones get the new.
import { randomBytes } from "node:crypto";
import { Failure } from "../../base/failure.ts";
import { HeadMemo, type RequestParser } from "../../protocol/index.ts";
import type { StreamSocket } from "../../transport/index.ts";
import { Staging } from "./batch.ts";
import { Facts } from "./connection-facts.ts";
import { Http1Connection } from "./connection.ts";
import { newCounters, type EngineCounters } from "./counters.ts";
import { DateLine } from "./date-line.ts";
import { framingOf, headOf } from "./framing.ts";
import { NO_BODY } from "./pulled-body.ts";
import type { EngineParts, EngineSettings } from "./settings.ts";
import { Turn } from "./turn.ts";

/** When a client that was turned away may come again, in seconds. */
const RETRY_AFTER_S = "5";

/** A connection, whoever has it. */
interface Open {
  readonly parser?: RequestParser;
  /** Under which the request under way came; undefined: there is none. */
  readonly settings: EngineSettings | undefined;
  drain(gently: boolean): void;
  destroy(): void;
}

export class Engine {
  readonly parts: EngineParts;
  readonly counters: EngineCounters = newCounters();
  readonly date: DateLine;
  readonly staging = new Staging();
  /** Heads that were read before, under the limits in force. */
  memo = new HeadMemo();
  #settings: EngineSettings;
  readonly #connections = new Map<Open, () => void>();
  readonly #idPrefix = randomBytes(5).toString("hex");
  #ids = 0;
  #whenEmpty: (() => void) | null = null;

  constructor(parts: EngineParts, settings: EngineSettings) {
    this.parts = parts;
    this.#settings = settings;
    this.date = new DateLine(parts.clock);
  }

  get settings(): EngineSettings {
    return this.#settings;
  }

  set settings(settings: EngineSettings) {
    this.#settings = settings;
    this.memo = new HeadMemo();
    for (const one of this.#connections.keys()) one.parser?.readBy(settings.limits, this.memo);
  }

  /** Whether a request is under way that came under `settings`. */
  serves(settings: EngineSettings): boolean {
    for (const connection of this.#connections.keys()) {
      if (connection.settings === settings) return true;
    }
    return false;
  }

  /** Ends what came under `settings`, as at a stop: open streams and sockets are told. */
  dismiss(settings: EngineSettings): void {
    for (const connection of this.#connections.keys()) {
      if (connection.settings === settings) connection.drain(false);
    }
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Serves HTTP on `socket`; `onClosed` is called once when it is gone. */
  accept(socket: StreamSocket, secure: boolean, onClosed: () => void): void {
    this.counters.accepted += 1;
    this.#connections.set(new Http1Connection(this, socket, secure), onClosed);
  }

  /** Turns `socket` away: there are too many connections. */
  refuse(socket: StreamSocket): void {
    this.counters.refused += 1;
    const owner = { facts: new Facts(socket, false), onWatched: () => undefined };
    const turn = new Turn(null, NO_BODY, owner, this);
    const reply = turn.replyOf(new Failure("overloaded", "", [["Retry-After", RETRY_AFTER_S]]));
    const terms = { method: "GET", minorVersion: 1, keepAlive: false, extraFields: [] };
    const dated = { ...terms, date: this.date.now() };
    const head = headOf(reply, dated, framingOf(reply, dated));
    const body = reply.body instanceof Uint8Array ? reply.body : Buffer.alloc(0);
    socket.refuse(Buffer.concat([Buffer.from(head, "latin1"), body]));
    turn.status = reply.status;
    turn.report(body.length);
  }

  /** A fresh request id: unique in this process, and most likely elsewhere. */
  nextId(): string {
    this.#ids += 1;
    return `${this.#idPrefix}-${this.#ids.toString(36)}`;
  }

  /**
   * Idle connections end now, the others behind their answer. `gently`: idle ones behind the answer
   * to a request that may be on its way already. Resolves when all are gone, of the last call.
   */
  async drain({ gently = false } = {}): Promise<void> {
    for (const connection of this.#connections.keys()) connection.drain(gently);
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const connection of this.#connections.keys()) connection.destroy();
  }

  /** For connections alone: from now on `taken` is in the place of `connection`. */
  replace(connection: Open, taken: Open): void {
    this.#connections.set(taken, this.#connections.get(connection)!);
    this.#connections.delete(connection);
  }

  /** For connections alone: `connection` is gone. */
  left(connection: Open): void {
    this.#connections.get(connection)?.();
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }
}
