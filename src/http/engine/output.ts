// What goes out on one connection: small writes of one turn leave together, large ones wait for the
// reader, and a reader that takes nothing (or too little over a minute) is cut off.
import type { Clock } from "../../base/clock.ts";
import { Deadline, type TimerWheel } from "../../runtime/index.ts";
import { COLD, type FilePiece, type StreamSocket } from "../../transport/index.ts";
import { Batch, type Staging } from "./batch.ts";
import { Pace } from "./pace.ts";
import type { ReadyHead } from "./ready-head.ts";
import type { Timeouts } from "./settings.ts";

// Beyond this a batch goes out before its turn ends.
const BATCH_BYTES_MAX = 64 * 1024;
// A client that asks and asks without reading gets no more answers made than this.
const UNSENT_BYTES_MAX = 256 * 1024;
const PACE_CHECK_MS = 60_000;

/** The engine, as far as an output needs it. */
interface OutputTerms {
  readonly parts: { readonly clock: Clock; readonly wheel: TimerWheel };
  readonly settings: { readonly timeouts: Timeouts };
  readonly staging: Staging;
}

/** Whose output it is. */
export interface OutputOwner {
  /** Called when its reader took nothing for too long, or too little. */
  destroy(): void;
}

export class Output {
  readonly #socket: StreamSocket;
  readonly #engine: OutputTerms;
  #owner: OutputOwner;
  #pace: Pace | null = null;
  #deadline: Deadline | null = null;
  readonly #batch: Batch;
  #writtenBytes = 0;
  #sentBefore = 0;
  #quietMs = 0;
  #closed = false;
  /** What is pushed waits until whoever held it says `sent`. */
  held = false;

  constructor(socket: StreamSocket, engine: OutputTerms, owner: OutputOwner) {
    this.#socket = socket;
    this.#engine = engine;
    this.#batch = new Batch(engine.staging);
    this.#owner = owner;
  }

  /** From now on it is `owner` who is told. */
  handTo(owner: OutputOwner): void {
    this.#owner = owner;
  }

  /** Bytes that are pushed or written, and that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#batch.length + this.#socket.unsentBytes;
  }

  /** The client must read before more is made for it. */
  get blocked(): boolean {
    return this.unsentBytes > UNSENT_BYTES_MAX;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Queues `bytes` for the end of this turn. More than 64 KiB must not change any more. */
  push(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#batch.add(bytes);
    if (this.#batch.length > BATCH_BYTES_MAX) this.#write(undefined);
  }

  /** Queues a head, as latin1. */
  pushText(text: string): void {
    if (!this.#closed) this.#batch.addText(text);
  }

  /** Queues text of `bytes` in UTF-8. */
  pushUtf8(text: string, bytes: number): void {
    if (this.#closed) return;
    this.#batch.addUtf8(text, bytes);
    if (this.#batch.length > BATCH_BYTES_MAX) this.#write(undefined);
  }

  /** Queues a head that was made before, with `date` as its Date. */
  pushHead(head: ReadyHead, date: string): void {
    if (!this.#closed) this.#batch.addHead(head, date);
  }

  /** Writes what was pushed, unless it is held. */
  flush(): void {
    if (!this.held && this.#batch.length > 0) this.#write(undefined);
  }

  /** Bytes that were pushed, and are not written yet. */
  get pushedBytes(): number {
    return this.#batch.length;
  }

  /** Writes what was pushed, too where it is held; resolves when it is sent. False: closed. */
  sent(): Promise<boolean> {
    if (this.#closed || this.#batch.length === 0) return Promise.resolve(!this.#closed);
    return this.#sent();
  }

  /** Writes `bytes` behind what was pushed; resolves when they may be reused. False: closed. */
  send(bytes: Uint8Array): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    this.#batch.addLent(bytes);
    return this.#sent();
  }

  #sent(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#write((error) => {
        this.#progress();
        resolve(error === undefined || error === null);
      });
    });
  }

  /** Whether files can be sent as they are (`sendFile`), else they are read and sent as bytes. */
  get sendsFiles(): boolean {
    return !this.#closed && this.#socket.sendsFiles;
  }

  /**
   * Sends what was pushed, then of `piece` what the kernel takes, as StreamSocket.sendFile does;
   * `sent` is called when more may follow, unless all was taken; false: closed.
   */
  sendFile(piece: FilePiece, sent: (open: boolean) => void): number {
    const head = this.#batch.length > 0 ? this.#batch.take() : null;
    const bytes = this.#socket.sendFile(head, piece, (error) => {
      this.#progress();
      sent(!this.#closed && (error === undefined || error === null));
    });
    // What goes before need not wait for the disk.
    if (bytes === COLD && head !== null) this.#socket.write(head);
    this.#batch.settle(this.#socket.unsentBytes === 0);
    this.#writtenBytes += head?.length ?? 0;
    if (bytes === COLD) {
      this.#watch();
      return COLD;
    }
    this.#writtenBytes += bytes;
    // A reader is waited for between bursts, and what it took of them counts for it.
    this.#pace ??= new Pace();
    this.#pace.add(bytes, this.#engine.parts.clock.monotonicMs());
    this.#watch();
    return bytes;
  }

  /** All that was written is with the kernel. */
  drained(): void {
    this.#progress();
  }

  /** The connection is gone. */
  close(): void {
    this.#closed = true;
    this.#batch.clear();
    if (this.#deadline !== null) this.#engine.parts.wheel.cancel(this.#deadline);
  }

  #write(done: ((error?: Error | null) => void) | undefined): void {
    if (this.#closed) {
      done?.(new Error("closed"));
      return;
    }
    const bytes = this.#batch.take();
    this.#writtenBytes += bytes.length;
    this.#socket.write(bytes, done);
    this.#batch.settle(this.#socket.unsentBytes === 0);
    this.#watch();
  }

  get #sentBytes(): number {
    return this.#writtenBytes - this.#socket.unsentBytes;
  }

  /** Sets the clock on a reader that owes us a read. */
  #watch(): void {
    if (this.#socket.unsentBytes === 0 || this.#deadline?.scheduled === true) return;
    this.#deadline ??= new Deadline(() => this.#check());
    this.#pace ??= new Pace();
    this.#pace.start(this.#engine.parts.clock.monotonicMs());
    this.#sentBefore = this.#sentBytes;
    this.#quietMs = 0;
    this.#engine.parts.wheel.schedule(this.#deadline, this.#checkMs);
  }

  get #checkMs(): number {
    return Math.min(this.#engine.settings.timeouts.write, PACE_CHECK_MS);
  }

  /** Something was taken: where it was all, nobody waits for the reader any more. */
  #progress(): void {
    if (
      this.#deadline === null ||
      this.#pace === null ||
      this.#closed ||
      this.#socket.unsentBytes > 0
    )
      return;
    const nowMs = this.#engine.parts.clock.monotonicMs();
    this.#pace.add(this.#sentBytes - this.#sentBefore, nowMs);
    this.#pace.stop(nowMs);
    this.#engine.parts.wheel.cancel(this.#deadline);
  }

  #check(): void {
    if (this.#socket.unsentBytes === 0) {
      this.#progress(); // of less than a stream's high-water mark nobody is told that it is sent
      return;
    }
    const taken = this.#sentBytes - this.#sentBefore;
    this.#sentBefore += taken;
    this.#quietMs = taken > 0 ? 0 : this.#quietMs + this.#checkMs;
    const steady = this.#pace!.add(taken, this.#engine.parts.clock.monotonicMs());
    if (!steady || this.#quietMs >= this.#engine.settings.timeouts.write) this.#owner.destroy();
    else this.#engine.parts.wheel.schedule(this.#deadline!, this.#checkMs);
  }
}
