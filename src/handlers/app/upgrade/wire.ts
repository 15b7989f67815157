// A web socket's side of a tunnel: messages in and out, pings, and the handshake of its end
// (RFC 6455 §7). Knows nothing of listeners.
import type { Tunnel, TunnelSink } from "../../../http/exchange/index.ts";
import {
  BINARY,
  closeFrame,
  codeOf,
  frameOf,
  newReceiver,
  PING_FRAME,
  pongFrame,
  TEXT,
  type Receiver,
} from "./codec.ts";

/** How long a client may take to say that it closes, too. */
const CLOSE_MS = 10_000;
const GOING_AWAY = 1001;
/** Never sent: how it looks where nobody said that it closes. */
const ABNORMAL = 1006;
const NO_CODE = 1005;
// What is not copied before it is sent has to be ours.
const COPIED_BYTES_MAX = 64 * 1024;

export interface WireBounds {
  readonly messageBytes: number;
  /** What may wait for a client that does not read. */
  readonly bufferedBytes: number;
  /** Milliseconds between pings. */
  readonly pingInterval: number;
}

/** How it ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
  /** Both sides said so. */
  readonly wasClean: boolean;
}

export interface WireOwner {
  onMessage(data: Buffer, isBinary: boolean): void;
  /** It is about to end; nothing that is sent from now on goes out. */
  onClosing(): void;
  /** What was sent is on its way. */
  onDrain(): void;
  onClosed(closed: Closed): void;
}

export class Wire implements TunnelSink {
  readonly #tunnel: Tunnel;
  readonly #bounds: WireBounds;
  readonly #owner: WireOwner;
  readonly #receiver: Receiver;
  #state: "open" | "closing" | "closed" = "open";
  #closed: Closed = { code: ABNORMAL, reason: "", wasClean: false };
  #reads = true; // until the client has said that it closes, or what makes no sense
  #isAlive = true; // something came since the last ping
  #isPaused = false;

  constructor(tunnel: Tunnel, bounds: WireBounds, owner: WireOwner) {
    this.#tunnel = tunnel;
    this.#bounds = bounds;
    this.#owner = owner;
    this.#receiver = newReceiver(bounds.messageBytes)
      .on("message", (data: Buffer, isBinary: boolean) => {
        if (this.#state === "open") owner.onMessage(data, isBinary);
      })
      .on("ping", (data: Buffer) => this.#onPing(data))
      .on("conclude", (code: number, reason: Buffer) => this.#onClose(code, reason.toString()))
      .on("error", (error) => this.#fail(codeOf(error), error.message));
    tunnel.wake(bounds.pingInterval);
  }

  get unsentBytes(): number {
    return this.#tunnel.unsentBytes;
  }

  get blocked(): boolean {
    return this.#tunnel.blocked;
  }

  /** What is sent to a client that does not read is its end. */
  send(data: string | Buffer): void {
    if (this.#state !== "open") return;
    if (this.#tunnel.unsentBytes > this.#bounds.bufferedBytes) {
      this.#lose("the client does not read");
      return;
    }
    if (typeof data === "string") this.#tunnel.write(...frameOf(TEXT, Buffer.from(data)));
    else {
      const own = data.length > COPIED_BYTES_MAX ? Buffer.from(data) : data;
      this.#tunnel.write(...frameOf(BINARY, own));
    }
  }

  /** Says that it closes; the client is to say so, too. */
  close(code: number | null, reason: string): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#closed = { code: code ?? NO_CODE, reason, wasClean: false };
    this.#owner.onClosing();
    this.#tunnel.write(...closeFrame(code, reason));
    this.#tunnel.wake(CLOSE_MS);
    this.resume(); // for the client's answer
  }

  /** Reads no more until `resume`. */
  pause(): void {
    if (this.#isPaused || this.#state !== "open") return;
    this.#isPaused = true;
    this.#tunnel.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#isAlive = true; // what it sent meanwhile is still to be read
    this.#tunnel.resume();
  }

  // ── the tunnel's side ────────────────────────────────────────────────────────────────────────

  // Not of Buffer's pool: what lies there holds 8 KiB, and a message's bytes become the app's.
  onBytes(chunk: Uint8Array): void {
    if (!this.#reads) return;
    this.#isAlive = true;
    const own = Buffer.allocUnsafeSlow(chunk.length);
    own.set(chunk);
    this.#receiver.write(own);
  }

  onInputEnd(): void {
    this.#tunnel.end();
  }

  onDrain(): void {
    this.#owner.onDrain();
  }

  onWake(): void {
    if (this.#state !== "open") this.#tunnel.destroy();
    else if (!this.#isAlive && !this.#isPaused) this.#lose("the client does not answer");
    else {
      this.#isAlive = false;
      this.#tunnel.write(PING_FRAME);
      this.#tunnel.wake(this.#bounds.pingInterval);
    }
  }

  onShutdown(): void {
    this.close(GOING_AWAY, "");
  }

  onClose(): void {
    if (this.#state === "closed") return;
    if (this.#state === "open") this.#owner.onClosing();
    this.#state = "closed";
    this.#reads = false;
    this.#owner.onClosed(this.#closed);
  }

  // ── the receiver's side ──────────────────────────────────────────────────────────────────────

  #onPing(data: Buffer): void {
    if (this.#state === "open") this.#tunnel.write(...pongFrame(data));
  }

  /** The client closes, or answers that we do. */
  #onClose(code: number, reason: string): void {
    this.#reads = false;
    if (this.#state === "open") this.close(code === NO_CODE ? null : code, "");
    this.#closed = { code, reason, wasClean: true };
    this.#tunnel.end();
  }

  #fail(code: number, reason: string): void {
    this.#reads = false;
    this.close(code, "");
    this.#closed = { code, reason, wasClean: false };
    this.#tunnel.end();
  }

  #lose(reason: string): void {
    this.#closed = { code: ABNORMAL, reason, wasClean: false };
    this.#tunnel.destroy();
  }
}
