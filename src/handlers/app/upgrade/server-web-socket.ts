// A web socket as an app has it: the API of the Web's own, and what a server needs beside, to wait
// until the client has read (`drained`), and to take messages one by one (`for await`).
import {
  CLOSED,
  CLOSING,
  CONNECTING,
  OPEN,
  type Conversation,
  type Message,
  type SocketEvents,
  type State,
} from "./conversation.ts";
import type { ListenerOptions } from "./listeners.ts";
import { checkClose, sendable, type Sendable } from "./sendable.ts";

type On<Type extends keyof SocketEvents> = ((event: SocketEvents[Type]) => unknown) | null;

export class ServerWebSocket {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;
  /** The subprotocol that was agreed on; "" for none. */
  readonly protocol: string;
  readonly extensions = "";
  readonly #conversation: Conversation;

  /** Made by `upgradeOf`. */
  constructor(conversation: Conversation, protocol: string) {
    conversation.target = this;
    this.#conversation = conversation;
    this.protocol = protocol;
  }

  /** CONNECTING until the answer is on its way. */
  get readyState(): State {
    return this.#conversation.state;
  }

  /** Bytes that were sent and that the client's side of the network has not taken yet. */
  get bufferedAmount(): number {
    return this.#conversation.wire?.unsentBytes ?? 0;
  }

  /** Of messages of bytes. They are here already: there is nothing to gain by a Blob. */
  get binaryType(): "arraybuffer" {
    return "arraybuffer";
  }

  get onopen(): On<"open"> {
    return this.#conversation.listeners.on.open ?? null;
  }

  set onopen(listener: On<"open">) {
    this.#conversation.listeners.on.open = listener;
  }

  get onmessage(): On<"message"> {
    return this.#conversation.listeners.on.message ?? null;
  }

  set onmessage(listener: On<"message">) {
    this.#conversation.listeners.on.message = listener;
  }

  get onclose(): On<"close"> {
    return this.#conversation.listeners.on.close ?? null;
  }

  set onclose(listener: On<"close">) {
    this.#conversation.listeners.on.close = listener;
  }

  get onerror(): On<"error"> {
    return this.#conversation.listeners.on.error ?? null;
  }

  set onerror(listener: On<"error">) {
    this.#conversation.listeners.on.error = listener;
  }

  /** A listener that returns a promise is not done with what it was told before that is. */
  addEventListener<Type extends keyof SocketEvents>(
    type: Type,
    listener: (event: SocketEvents[Type]) => unknown,
    options?: ListenerOptions,
  ): void {
    this.#conversation.listeners.add(type, listener, options);
  }

  removeEventListener<Type extends keyof SocketEvents>(
    type: Type,
    listener: (event: SocketEvents[Type]) => unknown,
  ): void {
    this.#conversation.listeners.remove(type, listener);
  }

  /**
   * Sends one message; it goes nowhere once the socket closes. Throws before it is open. A client
   * for which more than `bufferedBytes` wait is cut: who sends much waits for `drained`.
   */
  send(data: Sendable): void {
    if (this.readyState === CONNECTING) {
      throw new DOMException("the socket is not open yet", "InvalidStateError");
    }
    this.#conversation.wire?.send(sendable(data));
  }

  /** Resolves when there is room for more; at once where there is, or where nobody reads. */
  drained(): Promise<void> {
    return this.#conversation.drained();
  }

  /** Ends it, with 1000 or a code of the app's own, 3000 to 4999. */
  close(code?: number, reason = ""): void {
    checkClose(code, reason);
    this.#conversation.close(code ?? (reason === "" ? null : 1000), reason);
  }

  /** The messages from now on, one by one, until it closes. To leave the loop closes nothing. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined> {
    return this.#conversation.newInbox();
  }
}
