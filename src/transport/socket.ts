// A connected socket as the engine sees it: bytes in, bytes out, and when the peer is gone. Knows
// no protocol.
//
// The listeners below are functions of this file, and find whom to tell by the socket they are
// called on: a connection that waits costs a socket and this object, no closures.
import type { Socket } from "node:net";
import { unsentOf } from "./handle.ts";
import { linger } from "./lingering.ts";
import { leaveRoom, wantRoom, type Reader } from "./shared-reads.ts";
import { fileWay, sendFile, type Done, type FilePiece } from "./send-file.ts";

/** Takes what a socket has to tell. */
export interface SocketSink {
  /** `chunk` may be overwritten once this returns, but where it is `room`: copy what is kept. */
  onBytes(chunk: Uint8Array): void;
  /**
   * Where the next bytes may be read to, at once and until it says another; null: it does not
   * matter. Asked behind each `onBytes` from `wantRoom` on, where the socket can be told.
   */
  room(): Uint8Array | null;
  /** The peer sends no more; it may still read. */
  onInputEnd(): void;
  /** Everything written so far is with the kernel. */
  onDrain(): void;
  /** Nothing comes or goes any more, for whatever reason. Always the last call. */
  onClose(): void;
}

/** Whose a connection is. */
export interface SocketFacts {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  /** Came by a unix socket. */
  readonly unix: boolean;
}

const SINK = Symbol("sink");
type Attached = Socket & { [SINK]?: SocketSink };

export class StreamSocket implements SocketFacts {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  readonly unix: boolean;
  readonly #socket: Attached;
  readonly #reads: "shared" | "data";
  #writtenBytes = 0;

  /** `reads`: whether `sharedReader` is told what comes, or 'data' is to be asked for. */
  constructor(socket: Socket, facts: SocketFacts, reads: "shared" | "data") {
    this.#socket = socket;
    this.#reads = reads;
    this.remoteAddress = facts.remoteAddress;
    this.remotePort = facts.remotePort;
    this.localPort = facts.localPort;
    this.unix = facts.unix;
  }

  /** Starts to read. To be called once. */
  attach(sink: SocketSink): void {
    const socket = this.#socket;
    socket[SINK] = sink;
    if (this.#reads === "data") socket.on("data", tellChunk);
    socket.on("end", tellEnd);
    socket.on("drain", tellDrain);
    socket.on("close", tellClose);
    // What is wrong with a peer's connection ends in "close"; there is nobody to be told more.
    socket.on("error", ignore);
  }

  /** From now on `sink` is told instead of the one that was attached. */
  handTo(sink: SocketSink): void {
    this.#socket[SINK] = sink;
  }

  /** Queues `bytes`, which must not change before `done` is called (with an error once closed). */
  write(bytes: Uint8Array, done?: Done): void {
    this.#writtenBytes += bytes.length;
    this.#socket.write(bytes, done);
  }

  /** The address that the peer reached; "" on a unix socket, and once closed. */
  get localAddress(): string {
    return this.#socket.localAddress ?? "";
  }

  /** Whether `sendFile` can be asked: else files have to be read and written. */
  get sendsFiles(): boolean {
    return fileWay(this.#socket) !== null;
  }

  /**
   * Sends `head`, then from `piece` what the kernel takes at once, and a little more, without
   * copying it. Returns how many bytes of the file are on their way. Where that is not all, `done`
   * is called when more may follow (with an error once closed). 0: the file ends before. COLD:
   * nothing was done, as the piece has to be read from a disk first; in these two `done` is not
   * called. Throws where the file can't be read.
   */
  sendFile(head: Uint8Array | null, piece: FilePiece, done: Done): number {
    const socket = this.#socket;
    const calls = fileWay(socket);
    if (calls === null) throw new Error("files can't be sent on this socket: ask sendsFiles");
    return sendFile({ calls, socket, writer: this }, head, piece, done);
  }

  /** Bytes written that the kernel has not taken yet. */
  get unsentBytes(): number {
    // Mostly all was taken at once, which the stream knows without asking its handle.
    const queued = this.#socket.writableLength;
    return queued === 0 ? 0 : unsentOf(this.#socket, this.#writtenBytes, queued);
  }

  /** From the next `onBytes` on `room` is asked for, until it says null. */
  wantRoom(): void {
    if (this.#reads === "shared") wantRoom(this.#socket);
  }

  /** What `room` said last is no place to read to any more. */
  leaveRoom(): void {
    if (this.#reads === "shared") leaveRoom(this.#socket);
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
    socket.on("error", ignore);
    socket.end(bytes);
    socket.resume();
    linger(socket);
  }

  /** Closes both ways once all that was written is sent; what the peer still sends is refused. */
  endBoth(): void {
    this.#socket.destroySoon();
  }

  /** Ends both ways at once; what is unsent is lost. */
  destroy(): void {
    this.#socket.destroy();
  }

  /**
   * As `destroy`, and the peer is told that this is not how it was to end (by a reset). A unix
   * socket knows none; what is encrypted has an end of its own, which is missing then.
   */
  reset(): void {
    if (this.unix || "encrypted" in this.#socket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }
}

/** Between sinks and the sockets that came with shared reads. */
export const sharedReader: Reader = {
  tell: (socket: Attached, chunk) => socket[SINK]?.onBytes(chunk),
  roomFor: (socket: Attached) => socket[SINK]?.room() ?? null,
};

function tellChunk(this: Attached, chunk: Buffer): void {
  this[SINK]?.onBytes(chunk);
}

function tellEnd(this: Attached): void {
  this[SINK]?.onInputEnd();
}

function tellDrain(this: Attached): void {
  this[SINK]?.onDrain();
}

function tellClose(this: Attached): void {
  this[SINK]?.onClose();
}

function ignore(): void {}
