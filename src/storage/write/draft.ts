// A file that is being written, which has no name yet that anybody sees:
//   pieces → gathered into blocks, unless they are big → written and hashed, side by side
//   seal: everything is written → digest kept with the file → fsync → closed
// A piece's place is settled when it comes, so that several may be written at once. What fails once
// has failed: an fsync that is asked again says yes to what is lost.
import { constants } from "node:fs";
import { Failure } from "../../base/failure.ts";
import { writeFailureOf } from "../failures.ts";
import { blocks } from "./block-pool.ts";
import { keepDigest } from "./digest-keeping.ts";
import { removeQuietly, type DraftRoom } from "./draft-room.ts";
import { GatheredBlock } from "./gathered-block.ts";
import type { Draft, Sealed, SealedState } from "./sealed.ts";
import type { Reservation } from "./reservation.ts";
import { sha256, type Sha256 } from "./sha256.ts";
import { writeAll, writeAtOnce } from "./write-all.ts";

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
  readonly #gathered = new GatheredBlock();
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

  write(piece: Uint8Array): Failure | null | Promise<Failure | null> {
    if (this.#failure !== null) return this.#failure;
    if (this.#sealing !== null) throw new Error(`${this.path} is sealed`);
    const end = this.bytes + piece.length;
    if (!this.reservation.covers(end)) return this.#writeUncovered(piece);
    // Nothing is gathered, hashed or under way: what comes may be written and forgotten.
    const isIdle = this.#hash === null && this.#gathered.bytes === 0 && this.#underWay.size === 0;
    if (isIdle && piece.length >= BIG_BYTES) return this.#writeIdle(piece);
    const rest = piece.length < BIG_BYTES ? this.#gather(piece) : piece;
    if (rest.length > 0) return this.#writeNow(rest);
    const isFree = this.#underWay.size < UNDER_WAY_MAX;
    return isFree ? null : Promise.race(this.#underWay).then(() => this.#failure);
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

  /** For a later start to place. */
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
      const taken = this.#gathered.add(rest);
      if (taken === 0) return rest;
      this.bytes += taken;
      rest = rest.subarray(taken);
      if (this.#gathered.isFull) this.#flush();
    }
    return rest;
  }

  /** What was gathered is on its way. */
  #flush(): void {
    const gathered = this.#gathered.take();
    if (gathered === null) return;
    const written = this.#start(gathered.filled, this.bytes - gathered.filled.length);
    void written.then(() => blocks.give(gathered.block));
  }

  #writeNow(piece: Uint8Array): Promise<Failure | null> {
    this.#flush();
    const at = this.bytes;
    this.bytes += piece.length;
    return this.#start(piece, at).then(() => this.#failure);
  }

  // Without a promise where the system answers at once: they cost 60 µs a piece (bench put-1mb).
  #writeIdle(piece: Uint8Array): Failure | null | Promise<Failure | null> {
    let done = 0;
    try {
      done = writeAtOnce(this.room.prompt, this.#fd!, piece, this.bytes);
    } catch (error) {
      this.#fail(error, "write");
      return this.#failure;
    }
    this.bytes += done;
    return done === piece.length ? null : this.#writeNow(piece.subarray(done));
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
      await writeAll(this.room.prompt, this.#fd!, piece, at, () => this.#failure === null);
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
    const gathered = this.#gathered.take();
    if (gathered !== null) blocks.give(gathered.block);
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
