// A connection that the server opens itself, to a program behind it: bytes in, bytes out, and its
// end. Knows no protocol. One buffer a thread is read into, as on the other side (shared-reads.ts);
// for sockets that one opens itself, Node documents it.
import { connect, type Socket } from "node:net";
import type { ListenAddress } from "./address.ts";

const BUFFER_BYTES = 64 * 1024;

/** Takes what an outgoing connection has to tell. */
export interface OutgoingSink {
  /** `chunk` is overwritten once this returns. False: no more before `resume`. */
  onBytes(chunk: Uint8Array): boolean;
  /** It is over, by the peer's word (null) or for the system's reason. Always the last call. */
  onClose(code: string | null): void;
}

let shared: Buffer | null = null;
/** Of its start: answers of one length are told by one view. */
let view: Buffer | null = null;

export class OutgoingSocket {
  readonly #socket: Socket;
  /** Who is told; whoever uses a kept connection next takes its place. */
  sink: OutgoingSink;
  #code: string | null = null;
  #isConnected = false;
  #isOver = false;

  /** Begins to connect. What is written before that is done waits. */
  constructor(address: ListenAddress, sink: OutgoingSink) {
    this.sink = sink;
    shared ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const onread = { buffer: shared, callback: (bytes: number) => this.#onRead(bytes) };
    this.#socket =
      address.kind === "unix"
        ? connect({ path: address.path, onread })
        : connect({ host: address.host, port: address.port, noDelay: true, onread });
    this.#socket.on("connect", () => (this.#isConnected = true));
    this.#socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#code ??= error.code ?? error.message;
    });
    this.#socket.on("end", () => (this.#isOver = true));
    this.#socket.on("close", () => {
      this.#isOver = true;
      this.sink.onClose(this.#code);
    });
  }

  /** The peer, or its system, has taken the connection. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Nothing comes any more; `onClose` is told, or will be. */
  get isOver(): boolean {
    return this.#isOver || this.#socket.destroyed;
  }

  /** What was written and is not the system's yet: what was there before must not change. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** `bytes` must not change before `done` is called (with an error where it is over),
   *  nor before all is sent: asking `unsentBytes` costs less than a callback. */
  write(bytes: Uint8Array, done?: (error?: Error | null) => void): void {
    this.#socket.write(bytes, done);
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends both ways at once; what is unsent is lost. */
  destroy(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #onRead(bytes: number): boolean {
    if (view?.length !== bytes) view = shared!.subarray(0, bytes);
    return this.sink.onBytes(view);
  }
}
