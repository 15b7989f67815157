// A connected socket as the engine sees it: bytes in, bytes out, and when the peer is gone. Knows
// no protocol. All that is particular to Node's sockets stays in this file.
import type { Socket } from "node:net";

// Closing with unread bytes would reset the connection, and the refusal would be lost with it.
const REFUSAL_MS = 500;

/** Takes what a socket has to tell. */
export interface SocketSink {
  /** `chunk` may be overwritten once this returns: copy what is kept. */
  onBytes(chunk: Uint8Array): void;
  /** The peer sends no more; it may still read. */
  onInputEnd(): void;
  /** Everything written so far is with the kernel. */
  onDrain(): void;
  /** Nothing comes or goes any more, for whatever reason. Always the last call. */
  onClose(): void;
}

/** What Node's stream handles count: bytes handed to the loop, and those of them still queued. */
interface WriteCounts {
  readonly bytesWritten: number;
  readonly writeQueueSize?: number;
}

export class StreamSocket {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** Came by a unix socket. */
  readonly unix: boolean;
  readonly #socket: Socket;
  #writtenBytes = 0;

  constructor(socket: Socket, unix: boolean) {
    this.#socket = socket;
    this.unix = unix;
    this.remoteAddress = socket.remoteAddress ?? "";
    this.remotePort = socket.remotePort ?? 0;
    this.localPort = socket.localPort ?? 0;
  }

  /** Starts to read. To be called once. */
  attach(sink: SocketSink): void {
    const socket = this.#socket;
    socket.on("data", (chunk: Buffer) => sink.onBytes(chunk));
    socket.on("end", () => sink.onInputEnd());
    socket.on("drain", () => sink.onDrain());
    socket.on("close", () => sink.onClose());
    // What is wrong with a peer's connection ends in "close"; there is nobody to be told more.
    socket.on("error", () => undefined);
  }

  /** Queues `bytes`, which must not change before `done` is called (with an error once closed). */
  write(bytes: Uint8Array, done?: (error?: Error | null) => void): void {
    this.#writtenBytes += bytes.length;
    this.#socket.write(bytes, done);
  }

  /** Bytes written that the kernel has not taken yet. */
  get unsentBytes(): number {
    // `writableLength` counts a write until all of it is done; the handle knows how much of it is
    // left, so that a reader which takes a little of a large write is seen to take something.
    const handle = (this.#socket as { _handle?: WriteCounts | null })._handle;
    if (handle?.writeQueueSize === undefined) return this.#socket.writableLength;
    return this.#writtenBytes - handle.bytesWritten + handle.writeQueueSize;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says that no more will be written, once all that was written is sent. */
  end(): void {
    this.#socket.end();
  }

  /** Sends `bytes` as all that there is to say, drops what comes, and closes soon. */
  refuse(bytes: Uint8Array): void {
    const socket = this.#socket;
    socket.on("error", () => undefined);
    socket.end(bytes);
    socket.resume();
    setTimeout(() => socket.destroy(), REFUSAL_MS).unref();
  }

  /** Closes both ways once all that was written is sent; what the peer still sends is refused. */
  endBoth(): void {
    this.#socket.destroySoon();
  }

  /** Ends both ways at once; what is unsent is lost. */
  destroy(): void {
    this.#socket.destroy();
  }
}
