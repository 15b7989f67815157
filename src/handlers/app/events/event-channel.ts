// One event for many clients: formatted once, pushed into each one's answer.
import {
  PushPiece,
  PushStream,
  type PushSource,
  type PushTarget,
} from "../../../http/exchange/index.ts";
import { EventsResponse } from "./events-response.ts";
import { eventText, HEARTBEAT, retryText, type ServerSentEvent } from "./event-text.ts";
import { FanOut, type Receiver } from "./fan-out.ts";
import { History } from "./history.ts";
import { join, tell } from "./other-threads.ts";

const HEARTBEAT_MS = 15_000;
const BEAT = new PushPiece(Buffer.from(HEARTBEAT));

export interface ChannelOptions {
  /** Milliseconds between comments that keep what lies between from closing; 15 s. */
  readonly heartbeat?: number;
  /** How many of the last events with an id are told to a client that comes again; none. */
  readonly history?: number;
}

export interface SubscribeOptions {
  /** The last event that the client has seen: as a rule the request says it. */
  readonly lastEventId?: string;
  /** Milliseconds that the client is to wait before it comes again. */
  readonly retry?: number;
}

/**
 * Server-sent events: clients subscribe, and each is told what is published. With a name it is one
 * channel over all workers; channels of one name are the same in the whole process.
 */
export class EventChannel {
  readonly #name: string | null;
  readonly #heartbeatMs: number;
  readonly #history: History;
  readonly #subscribers = new FanOut<Subscriber>();
  #beats: NodeJS.Timeout | null = null;

  constructor(name?: string, { heartbeat = HEARTBEAT_MS, history = 0 }: ChannelOptions = {}) {
    this.#name = name ?? null;
    this.#heartbeatMs = heartbeat;
    this.#history = new History(history);
    if (name !== undefined) join(name, this);
  }

  /** How many clients of this worker are told. */
  get size(): number {
    return this.#subscribers.size;
  }

  /** The answer to a client, which is told from the moment that it is sent. */
  subscribe(request: Pick<Request, "headers">, options: SubscribeOptions = {}): Response {
    const { retry, lastEventId = request.headers.get("last-event-id") } = options;
    const first = retry === undefined ? null : pieceOf(retryText(retry));
    return new EventsResponse(
      new PushStream((target) => {
        const subscriber = new Subscriber(target, this.#subscribers, this.#onLeft);
        this.#subscribers.add(subscriber);
        this.#beats ??= setInterval(() => this.#subscribers.push(BEAT), this.#heartbeatMs).unref();
        if (first !== null) target.write(first);
        for (const piece of this.#history.behind(lastEventId)) target.write(piece);
        return subscriber;
      }),
    );
  }

  /** Tells all clients. Throws a TypeError where `event` can't be said. */
  publish(event: ServerSentEvent): void {
    const bytes = Buffer.from(eventText(event));
    const id = event.id ?? null;
    this.hear(bytes, id);
    if (this.#name !== null) tell(this.#name, this, bytes, id);
  }

  /** Ends the answers of all clients of this worker: they may come again. */
  close(): void {
    this.#subscribers.flush();
    for (const subscriber of this.#subscribers) subscriber.onShutdown();
  }

  /** For channels of the same name alone: what was published in another. */
  hear(bytes: Uint8Array, id: string | null): void {
    const piece = new PushPiece(bytes);
    if (id !== null) this.#history.add(id, piece);
    this.#subscribers.push(piece);
  }

  readonly #onLeft = (): void => {
    if (this.#subscribers.size > 0 || this.#beats === null) return;
    clearInterval(this.#beats);
    this.#beats = null;
  };
}

/** One answer under way. One that is cut is told, and leaves by that. */
class Subscriber implements PushSource, Receiver {
  since = 0;
  readonly #target: PushTarget;
  readonly #all: FanOut<Subscriber>;
  readonly #onLeft: () => void;

  constructor(target: PushTarget, all: FanOut<Subscriber>, onLeft: () => void) {
    this.#target = target;
    this.#all = all;
    this.#onLeft = onLeft;
  }

  write(piece: PushPiece): void {
    this.#target.write(piece);
  }

  onGone(): void {
    if (this.#all.delete(this)) this.#onLeft();
  }

  /** What was said is said; the client comes again. */
  onShutdown(): void {
    this.#all.flush();
    this.#target.end();
    this.onGone();
  }
}

function pieceOf(text: string): PushPiece {
  return new PushPiece(Buffer.from(text));
}
