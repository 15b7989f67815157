// A file that is being written, which has no name yet that anybody sees:
//
//   pieces → gathered into blocks, unless they are big → written and hashed, side by side
//   seal: everything is written → digest kept with the file, mode → fsync → closed
//
// A piece's place is settled when it comes, so that several may be written at once. What fails once
// has failed: an fsync that is asked again says yes to what is lost.
import { constants } from "node:fs";
import { Failure } from "../../base/failure.ts";
import { writeFailureOf } from "../failures.ts";
import { blocks } from "./block-pool.ts";
import { keepDigest } from "./digest-keeping.ts";
import { removeQuietly, type DraftRoom } from "./draft-room.ts";
import type { Draft, Sealed, SealedState } from "./sealed.ts";
import type { Reservation } from "./reservation.ts";
import { sha256, type Sha256 } from "./sha256.ts";

/** Pieces of this size are written from where they lie. */
const BIG_BYTES = 64 * 1024;
/** How many writes one draft may have under way before its writer waits. */
const UNDER_WAY_MAX = 2;

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

export class StoreDraft implements Draft {
  /** Beside what is stored. */
  readonly name: string;
  readonly path: string;
  readonly room: DraftRoom;
  readonly reservation: Reservation;
  bytes = 0;
  sealed: SealedState | null = null;
  readonly #hash: Sha256 | null;
  readonly #underWay = new Set<Promise<void>>();
  #fd: number | null;
  #failure: Failure | null = null;
  #block: Uint8Array | null = null;
  #blockBytes = 0;
  #sealing: Promise<Sealed | Failure> | null = null;
  #ending: Promise<void> | null = null;
  #isEnded = false;
  #isHashed = false;

  private constructor(
    name: string,
    fd: number,
    room: DraftRoom,
    reservation: Reservation,
    hash: Sha256 | null,
  ) {
    this.name = name;
    this.path = `${room.root.path}/${name}`;
    this.room = room;
    this.reservation = reservation;
    this.#fd = fd;
    this.#hash = hash;
  }

  /** Throws as the system does. */
  static async open(
    name: string,
    room: DraftRoom,
    reservation: Reservation,
    withDigest: boolean,
  ): Promise<StoreDraft> {
    // With its mode at once, which spares another way to the pool mostly; nobody knows its name.
    const fd = await room.prompt.open(room.root.at(name), FLAGS, room.options.mode);
    return new StoreDraft(name, fd, room, reservation, withDigest ? sha256() : null);
  }

  write(piece: Uint8Array): Promise<Failure | null> {
    if (this.#failure !== null) return Promise.resolve(this.#failure);
    if (this.#sealing !== null) throw new Error(`${this.path} is sealed`);
    const end = this.bytes + piece.length;
    if (!this.reservation.covers(end)) return this.#writeUncovered(piece);
    const rest = piece.length < BIG_BYTES ? this.#gather(piece) : piece;
    if (rest.length > 0) return this.#writeNow(rest);
    if (this.#underWay.size < UNDER_WAY_MAX) return Promise.resolve(null);
    return Promise.race(this.#underWay).then(() => this.#failure);
  }

  seal(): Promise<Sealed | Failure> {
    this.#sealing ??= this.#seal();
    return this.#sealing;
  }

  drop(): Promise<void> {
    return this.#end(true);
  }

  /** It has a name now; its own as a draft is gone, or of no interest. */
  placed(actualBytes: number): void {
    this.#isEnded = true;
    this.reservation.settle(actualBytes);
    this.room.onEnd(this);
  }

  /** It stays where it is, for a later start to place. */
  abandon(): Promise<void> {
    return this.#end(false);
  }

  #end(unlinks: boolean): Promise<void> {
    this.#ending ??= (this.#sealing ?? Promise.resolve()).then(() => this.#drop(unlinks));
    return this.#ending;
  }

  /** Copies what fits into blocks. Returns what found none. */
  #gather(piece: Uint8Array): Uint8Array {
    let rest = piece;
    while (rest.length > 0) {
      this.#block ??= blocks.tryTake();
      if (this.#block === null) return rest;
      const taken = rest.subarray(0, this.#block.length - this.#blockBytes);
      this.#block.set(taken, this.#blockBytes);
      this.#blockBytes += taken.length;
      this.bytes += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#blockBytes === this.#block.length) this.#flush();
    }
    return rest;
  }

  /** What was gathered is on its way. */
  #flush(): void {
    const block = this.#block;
    if (block === null) return;
    this.#block = null;
    const filled = block.subarray(0, this.#blockBytes);
    const at = this.bytes - this.#blockBytes;
    this.#blockBytes = 0;
    void this.#start(filled, at).then(() => blocks.give(block));
  }

  #writeNow(piece: Uint8Array): Promise<Failure | null> {
    this.#flush();
    const at = this.bytes;
    this.bytes += piece.length;
    return this.#start(piece, at).then(() => this.#failure);
  }

  async #writeUncovered(piece: Uint8Array): Promise<Failure | null> {
    this.#flush();
    const at = this.bytes;
    this.bytes += piece.length;
    const room = this.reservation.cover(this.bytes, false);
    await this.#start(piece, at, room);
    return this.#failure;
  }

  /** Never rejects: what goes wrong is the draft's failure. `piece` is let go when it resolves. */
  #start(piece: Uint8Array, at: number, room?: Promise<Failure | null>): Promise<void> {
    const done = this.#store(piece, at, room).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
    return done;
  }

  async #store(piece: Uint8Array, at: number, room?: Promise<Failure | null>): Promise<void> {
    const hashed = this.#hash?.update(piece) ?? null;
    const refusal = room === undefined ? null : await room;
    this.#failure ??= refusal;
    if (this.#failure === null) await this.#writeAll(piece, at);
    if (hashed !== null) await hashed;
  }

  async #writeAll(piece: Uint8Array, at: number): Promise<void> {
    try {
      let done = 0;
      while (done < piece.length && this.#failure === null) {
        const left = piece.length - done;
        const taken = await this.room.prompt.write(this.#fd!, piece, done, left, at + done);
        if (taken === 0) throw Object.assign(new Error("nothing was written"), { code: "EIO" });
        done += taken;
      }
    } catch (error) {
      this.#fail(error, "write");
    }
  }

  async #seal(): Promise<Sealed | Failure> {
    this.#flush();
    await this.#quiet();
    if (this.#failure === null) {
      try {
        this.sealed = await this.#finish();
        await this.#close();
      } catch (error) {
        this.sealed = null;
        this.#fail(error, "seal");
      }
    }
    if (this.sealed !== null) return this.sealed;
    await this.#drop(true);
    return this.#failure!;
  }

  async #finish(): Promise<SealedState> {
    const { system, options, root } = this.room;
    const fd = this.#fd!;
    const digest = this.#endHash(true);
    const stats = system.fstatSync(fd);
    const isDigestKept =
      digest !== null && (await keepDigest(root.at(this.name), stats, digest, system));
    // The process's mask may have taken from it.
    if ((Number(stats.mode) & 0o7777) !== options.mode) await system.fchmod(fd, options.mode);
    if (options.durability === "fsync") await system.fsync(fd);
    return { bytes: this.bytes, sha256: digest, stats, isDigestKept };
  }

  async #drop(unlinks: boolean): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#block !== null) blocks.give(this.#block);
    this.#block = null;
    this.#failure ??= new Failure("storageFailed", "dropped");
    await this.#quiet();
    this.#endHash(false);
    await this.#close().catch(() => undefined);
    if (unlinks) await removeQuietly(this.room, this.name);
    this.reservation.settle(0);
    this.room.onEnd(this);
  }

  async #quiet(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #endHash(isWanted: boolean): Uint8Array | null {
    if (this.#hash === null || this.#isHashed) return null;
    this.#isHashed = true;
    if (isWanted) return this.#hash.digest();
    this.#hash.drop();
    return null;
  }

  /** A close that fails has closed (Linux), and may be the first to say that a write was lost. */
  async #close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = null;
    if (fd !== null) await this.room.prompt.close(fd);
  }

  #fail(error: unknown, doing: string): void {
    const failure = writeFailureOf(error, `${this.path}: ${doing}`, this.room.options.log);
    this.#failure ??= failure;
  }
}
