// What goes on behind a web socket: its state, who listens, and what the app is not done with yet.
//
// Where messages come faster than the app is done with them (promises of its listeners, what waits
// for `for await`) the client is not read from, so that TCP has it wait.
import type { Tunnel, TunnelSink } from "../../../http/exchange/index.ts";
import { Inbox } from "./inbox.ts";
import { Listeners } from "./listeners.ts";
import type { ServerWebSocket } from "./server-web-socket.ts";
import { Wire, type Closed, type WireBounds, type WireOwner } from "./wire.ts";

/** Text, or bytes. */
export type Message = string | ArrayBuffer;

/** What listeners are told, by its type. */
export interface SocketEvents {
  open: SocketEvent<"open">;
  message: SocketEvent<"message"> & { readonly data: Message };
  close: SocketEvent<"close"> & Closed;
  error: SocketEvent<"error"> & { readonly message: string };
}

interface SocketEvent<Type extends string> {
  readonly type: Type;
  readonly target: ServerWebSocket;
}

export interface ConversationOptions extends WireBounds {
  /** Aborted when the app is to be gone: the client is told to come again. */
  readonly signal?: AbortSignal | undefined;
  /** Told what a listener throws, or rejects with. */
  readonly onError: (error: unknown) => void;
}

export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;
export type State = typeof CONNECTING | typeof OPEN | typeof CLOSING | typeof CLOSED;

// Beyond this what the app is not done with has the client wait; a message is more than its bytes.
const UNHANDLED_BYTES_MAX = 256 * 1024;
const MESSAGE_COST = 128;
const INTERNAL_ERROR = 1011;
const GOING_AWAY = 1001;

export class Conversation implements WireOwner {
  readonly listeners = new Listeners<SocketEvents>();
  state: State = CONNECTING;
  wire: Wire | null = null;
  /** Whose it is: set once. */
  target!: ServerWebSocket;
  readonly #options: ConversationOptions;
  readonly #inboxes = new Set<Inbox<Message>>();
  readonly #waiters: (() => void)[] = [];
  #unhandledBytes = 0;
  #closeEarly: (() => void) | null = null;
  readonly #onAbort = (): void => this.close(GOING_AWAY, "");

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** The answer is on its way. */
  start(tunnel: Tunnel): TunnelSink {
    if (this.state !== CONNECTING) throw new Error("a socket is opened by one answer");
    const { signal } = this.#options;
    const wire = new Wire(tunnel, this.#options, this);
    this.wire = wire;
    this.state = OPEN;
    this.#tell("open", { type: "open", target: this.target }, 0);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted === true) this.#onAbort();
    this.#closeEarly?.();
    return wire;
  }

  /** The answer is not going to be sent. */
  refuse(): void {
    if (this.state === CONNECTING) this.onClosed({ code: 1006, reason: "", wasClean: false });
  }

  close(code: number | null, reason: string): void {
    if (this.state === CONNECTING) this.#closeEarly ??= () => this.wire?.close(code, reason);
    else this.wire?.close(code, reason);
  }

  drained(): Promise<void> {
    if (this.state !== OPEN || this.wire?.blocked !== true) return Promise.resolve();
    return new Promise((resolve) => void this.#waiters.push(resolve));
  }

  newInbox(): Inbox<Message> {
    const inbox = new Inbox<Message>({
      onTaken: (cost) => this.#handled(cost),
      onLeft: () => this.#inboxes.delete(inbox),
    });
    if (this.state === CLOSED) inbox.end();
    else this.#inboxes.add(inbox);
    return inbox;
  }

  // ── the wire's side ──────────────────────────────────────────────────────────────────────────

  onMessage(bytes: Buffer, isBinary: boolean): void {
    const data = isBinary ? this.#binary(bytes) : bytes.toString();
    const cost = bytes.length + MESSAGE_COST;
    for (const inbox of this.#inboxes) {
      this.#unhandledBytes += cost;
      inbox.put(data, cost);
    }
    this.#tell("message", { type: "message", target: this.target, data }, cost);
    if (this.#unhandledBytes > UNHANDLED_BYTES_MAX) this.wire?.pause();
  }

  onClosing(): void {
    this.state = CLOSING;
    this.onDrain();
  }

  onDrain(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  onClosed(closed: Closed): void {
    const { target } = this;
    this.state = CLOSED;
    this.wire = null;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    for (const inbox of this.#inboxes) inbox.end();
    this.#inboxes.clear();
    if (!closed.wasClean) this.#tell("error", { type: "error", target, message: closed.reason }, 0);
    this.#tell("close", { type: "close", target, ...closed }, 0);
  }

  // ── the app's side ───────────────────────────────────────────────────────────────────────────

  #binary(bytes: Buffer): ArrayBuffer {
    const { buffer, byteOffset, length } = bytes as Buffer<ArrayBuffer>;
    const isAll = byteOffset === 0 && length === buffer.byteLength;
    return isAll ? buffer : buffer.slice(byteOffset, byteOffset + length);
  }

  /** What a listener throws is a bug of the app's, in this conversation alone. */
  #tell<Type extends keyof SocketEvents>(
    type: Type,
    event: SocketEvents[Type],
    cost: number,
  ): void {
    const onError = (error: unknown): void => {
      this.#options.onError(error);
      this.close(INTERNAL_ERROR, "");
    };
    const onPromise = (promise: Promise<unknown>): void => {
      this.#unhandledBytes += cost;
      void promise.catch(onError).then(() => this.#handled(cost));
    };
    this.listeners.dispatch(type, event, onPromise, onError);
  }

  #handled(cost: number): void {
    this.#unhandledBytes -= cost;
    if (this.#unhandledBytes <= UNHANDLED_BYTES_MAX / 2) this.wire?.resume();
  }
}
