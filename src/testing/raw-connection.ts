// A TCP connection on which a test says what it likes, and sees each byte that comes back.
import { connect, type Socket } from "node:net";

const LIMIT_MS = 10_000;

/** What came first: more bytes, the end of what the peer sends (or a reset), or the limit. */
export type Came = "bytes" | "end" | "stall";

export class RawConnection {
  /** The peer sends no more, or reset the connection. */
  ended = false;
  readonly #socket: Socket;
  readonly #pieces: Buffer[] = [];
  #length = 0;
  #awake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (piece: Buffer) => {
      this.#pieces.push(piece);
      this.#length += piece.length;
      this.#awake();
    });
    const end = (): void => {
      this.ended = true;
      this.#awake();
    };
    socket.on("end", end).on("close", end).on("error", end);
  }

  /** Connects to a port of this machine, or a unix socket's path. Rejects when nobody listens. */
  static async open(where: number | string): Promise<RawConnection> {
    const place = typeof where === "number" ? { port: where, host: "127.0.0.1" } : { path: where };
    const socket = connect({ ...place, allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve();
      });
      socket.once("error", reject);
    });
    return new RawConnection(socket);
  }

  /** Everything received so far. */
  get received(): Buffer {
    if (this.#pieces.length > 1) this.#pieces.splice(0, Infinity, Buffer.concat(this.#pieces));
    return this.#pieces[0] ?? Buffer.alloc(0);
  }

  get receivedBytes(): number {
    return this.#length;
  }

  /** Sends text (latin1, a character a byte) or bytes; resolves when the kernel has them. */
  async send(data: string | Uint8Array, limitMs = LIMIT_MS): Promise<void> {
    if (this.#socket.writableEnded || this.#socket.destroyed) return;
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, limitMs);
      // A peer that answered and closed already does not want the rest: that is no error here.
      this.#socket.write(bytes, () => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  /** Takes nothing from now on: what the peer writes waits with it. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Takes what waits, and what comes. */
  readAgain(): void {
    this.#socket.resume();
  }

  /** Says that nothing more comes (FIN); answers are still received. */
  finish(): void {
    this.#socket.end();
  }

  /** Waits until there are more than `seenBytes`, the end, or `limitMs`. */
  async more(seenBytes: number, limitMs = LIMIT_MS): Promise<Came> {
    if (this.#length > seenBytes) return "bytes";
    if (this.ended) return "end";
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, limitMs);
      this.#awake = () => {
        clearTimeout(late);
        resolve();
      };
    });
    if (this.#length > seenBytes) return "bytes";
    return this.ended ? "end" : "stall";
  }

  /** Everything received (latin1) once it holds `text`; throws at the end or after `limitMs`. */
  async until(text: string, limitMs = LIMIT_MS): Promise<string> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const seen = this.received.toString("latin1");
      if (seen.includes(text)) return seen;
      const came = await this.more(this.#length, Math.max(1, endMs - performance.now()));
      if (came !== "bytes") throw new Error(`${came}, and no ${JSON.stringify(text)} in: ${seen}`);
    }
  }

  /** Everything received (latin1) once the peer has ended; throws after `limitMs` of silence. */
  async untilEnd(limitMs = LIMIT_MS): Promise<string> {
    while (!this.ended) {
      if ((await this.more(this.#length, limitMs)) === "stall") throw new Error("still open");
    }
    return this.received.toString("latin1");
  }

  /** Ends it now; what is unsent is lost. */
  close(): void {
    this.#socket.destroy();
  }

  /** Ends it with a reset, as a client that crashed. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }
}
