// A folder that is written to. See README.md for what it promises.
import { Failure } from "../../base/failure.ts";
import { errnoOf, writeFailureOf } from "../failures.ts";
import { systemFiles, type FileSystem } from "../file-system.ts";
import type { Root } from "../open-below.ts";
import type { OpenFile } from "../open-file.ts";
import { keepBeside, keptFor, makeFor } from "./digests.ts";
import { StoreDraft } from "./draft.ts";
import type { Draft } from "./sealed.ts";
import { openRoom } from "./room.ts";
import type { Condition, Placing, Stored, StoreOptions } from "./options.ts";
import { ownName } from "./owner.ts";
import type { DraftRoom } from "./draft-room.ts";
import { placeAll, storedOf } from "./place.ts";
import type { Plan } from "./plan.ts";
import { removeFile } from "./remove.ts";
import { FreeSpace, Reservation } from "./reservation.ts";
import { sweep } from "./sweep.ts";

/** How often another folder may take the place of the one that is written to; each stays open. */
const ROOMS_MAX = 256;

export class Store {
  /** To serve from, by an `OpenFileCache`. */
  readonly root: Root;
  readonly #options: StoreOptions;
  readonly #system: FileSystem;
  readonly #drafts = new Set<StoreDraft>();
  readonly #opening = new Set<Promise<StoreDraft>>();
  /** The last is the one that is written to; drafts of earlier ones may still be open. */
  readonly #rooms: DraftRoom[] = [];
  /** Digests that are being made, by what they are of. */
  readonly #digesting = new Map<string, Promise<Uint8Array>>();
  #free: FreeSpace;
  #reopening: Promise<DraftRoom> | null = null;

  private constructor(room: DraftRoom, system: FileSystem) {
    this.#options = room.options;
    this.#system = system;
    this.#rooms.push(room);
    this.#free = new FreeSpace(room.root.at("."), room.options, system);
    this.root = { folder: room.root.path, followLinks: false };
  }

  /** Makes the folder, and sees to what dead processes left there. Throws as the system does. */
  static async open(options: StoreOptions, system: FileSystem = systemFiles): Promise<Store> {
    let store: Store | null = null;
    const room = await openRoom(options, system, (draft) => store?.onEnd(draft));
    store = new Store(room, system);
    try {
      await sweep(room);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /**
   * Room for a file of `bytes` bytes (null: nobody knows), refused before the disk is touched.
   * `digest`: in place of the store's own choice.
   */
  async draft(bytes: number | null, how: { digest?: boolean } = {}): Promise<Draft | Failure> {
    const reservation = new Reservation(this.root.folder, this.#free, this.#options);
    const first = reservation.cover(bytes ?? 1, bytes !== null);
    const refusal = await first;
    if (refusal !== null) {
      reservation.settle(0);
      return refusal;
    }
    try {
      const withDigest = how.digest ?? this.#options.digest;
      const opening = this.#openDraft(reservation, withDigest);
      this.#opening.add(opening);
      const draft = await opening.finally(() => this.#opening.delete(opening));
      this.#drafts.add(draft);
      return draft;
    } catch (error) {
      reservation.settle(0);
      return this.#failed(error, "draft");
    }
  }

  /** Sealed drafts get their names, all or none. Those that don't are dropped. */
  async place(placings: readonly Placing[]): Promise<readonly Stored[] | Failure> {
    const room = (placings[0]?.draft as StoreDraft | undefined)?.room;
    if (room === undefined) return [];
    const plans = (await this.#movedAway(room)) ?? (await placeAll(room, placings));
    if (plans instanceof Failure) {
      for (const { draft } of placings) await draft.drop();
      return plans;
    }
    for (const plan of plans) await this.#onPlaced(room, plan);
    this.#options.onWritten();
    return plans.map(storedOf);
  }

  /** Takes a file away. */
  async remove(name: string, condition?: Condition): Promise<Stored | Failure> {
    const room = await this.#roomNow().catch((error: unknown) => this.#failed(error, "remove"));
    if (room instanceof Failure) return room;
    const removed = await removeFile(room, name, condition);
    if (removed instanceof Failure) return removed;
    if (this.#options.quotaBytes !== null) {
      this.#options.account.settle(this.root.folder, 0, -removed.bytes);
    }
    this.#options.onWritten();
    return removed;
  }

  /** SHA-256 of a file below `root`, where it is kept, and the file is still what it was then. */
  keptDigest(file: OpenFile): Promise<Uint8Array | null> {
    return keptFor(this.#room, file);
  }

  /** As `keptDigest`; else made anew, and kept. */
  digestOf(file: OpenFile): Promise<Uint8Array> {
    // However many ask, a file is read once.
    const key = `${file.dev} ${file.etag}`;
    const underWay = this.#digesting.get(key);
    if (underWay !== undefined) return underWay;
    const digest = this.#keptOrMade(file).finally(() => this.#digesting.delete(key));
    this.#digesting.set(key, digest);
    return digest;
  }

  /** Drops the drafts that are open. Nothing may be placed or removed meanwhile, or behind it. */
  async close(): Promise<void> {
    while (this.#opening.size > 0) await Promise.allSettled(this.#opening);
    for (const draft of this.#drafts) await draft.drop();
    for (const { root } of this.#rooms.splice(0)) await root.close();
  }

  onEnd(draft: StoreDraft): void {
    this.#drafts.delete(draft);
  }

  get #room(): DraftRoom {
    const room = this.#rooms.at(-1);
    if (room === undefined) throw new Error(`${this.root.folder} is closed`);
    return room;
  }

  async #keptOrMade(file: OpenFile): Promise<Uint8Array> {
    file.retain(); // who asked first may be gone before it is made
    try {
      return (await keptFor(this.#room, file)) ?? (await makeFor(this.#room, file));
    } finally {
      file.release();
    }
  }

  async #openDraft(reservation: Reservation, withDigest: boolean): Promise<StoreDraft> {
    const room = await this.#roomNow();
    try {
      return await StoreDraft.open(ownName(), room, reservation, withDigest);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error; // it was there a moment ago
    }
    return StoreDraft.open(ownName(), await this.#roomNow(), reservation, withDigest);
  }

  /**
   * The folder that has the path now, which is what is served: somebody may have taken it away,
   * then it is made again, or put another in its place. Throws as the system does.
   */
  async #roomNow(): Promise<DraftRoom> {
    const room = this.#room;
    if (await this.#isThere(room)) return room;
    this.#reopening ??= this.#reopen().finally(() => (this.#reopening = null));
    return this.#reopening;
  }

  async #reopen(): Promise<DraftRoom> {
    if (this.#rooms.length >= ROOMS_MAX) throw new Error(`${this.root.folder} moves too often`);
    const room = await openRoom(this.#options, this.#system, (draft) => this.onEnd(draft));
    this.#rooms.push(room);
    this.#free = new FreeSpace(room.root.at("."), this.#options, this.#system);
    return room;
  }

  // At once where the kernel knows it: 2 µs, in place of a way to the pool.
  async #isThere({ root, isLocal }: DraftRoom): Promise<boolean> {
    const { folder } = this.root;
    const stats = isLocal
      ? this.#system.statSync(folder)
      : await this.#system.stat(folder).catch((error: unknown) => {
          if (errnoOf(error) === "ENOENT") return undefined;
          throw error;
        });
    return stats !== undefined && root.key === `${stats.dev}:${stats.ino}`;
  }

  /** What would get its name in a folder that is served no more is not said to be stored. */
  async #movedAway(room: DraftRoom): Promise<Failure | null> {
    try {
      if (await this.#isThere(room)) return null;
      return new Failure("busy", `${room.root.path} was moved away meanwhile`);
    } catch (error) {
      return this.#failed(error, "place");
    }
  }

  async #onPlaced(room: DraftRoom, plan: Plan): Promise<void> {
    const { act, current, wish } = plan;
    const { draft, sealed } = wish;
    if (act === "keep") return draft.drop();
    draft.placed(sealed.bytes - (act === "replace" ? current!.size : 0));
    if (sealed.sha256 === null || sealed.isDigestKept) return;
    await keepBeside(room, storedOf(plan).name, sealed.stats, sealed.sha256);
  }

  #failed(error: unknown, doing: string): Failure {
    const failure = writeFailureOf(error, `${this.root.folder}: ${doing}`);
    if (failure.code === "storageFailed") this.#options.log.error(failure.detail, error);
    return failure;
  }
}
