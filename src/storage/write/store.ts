// A folder that is written to. See README.md for what it promises.
import { Failure } from "../../base/failure.ts";
import { writeFailureOf } from "../failures.ts";
import { systemFiles, type FileSystem } from "../file-system.ts";
import type { Root } from "../open-below.ts";
import type { OpenFile } from "../open-file.ts";
import { keepBeside, keptFor, makeFor } from "./digests.ts";
import { StoreDraft } from "./draft.ts";
import type { Draft } from "./sealed.ts";
import { openRoom } from "./room.ts";
import { isInPlace, Rooms } from "./rooms.ts";
import type { Condition, Placing, Stored, StoreOptions } from "./options.ts";
import { ownName } from "./owner.ts";
import type { DraftRoom } from "./draft-room.ts";
import { failureIn, placeAll, storedOf } from "./place.ts";
import type { Plan } from "./plan.ts";
import { removeFile } from "./remove.ts";
import { Reservation } from "./reservation.ts";
import { sweep } from "./sweep.ts";

export class Store {
  /** To serve from, by an `OpenFileCache`. */
  readonly root: Root;
  readonly #options: StoreOptions;
  readonly #drafts = new Set<StoreDraft>();
  readonly #opening = new Set<Promise<StoreDraft | Failure>>();
  readonly #rooms: Rooms;
  /** Digests that are being made, by what they are of. */
  readonly #digesting = new Map<string, Promise<Uint8Array>>();
  private constructor(room: DraftRoom) {
    const { options, system } = room;
    this.#options = options;
    this.#rooms = new Rooms(room, () => openRoom(options, system, (draft) => this.onEnd(draft)));
    this.root = { folder: room.root.path, followLinks: false };
  }

  /** Makes the folder, and sees to what dead processes left there. Throws as the system does. */
  static async open(options: StoreOptions, system: FileSystem = systemFiles): Promise<Store> {
    let store: Store | null = null;
    const room = await openRoom(options, system, (draft) => store?.onEnd(draft));
    store = new Store(room);
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
    const opening = this.#openDraft(bytes, how.digest ?? this.#options.digest);
    this.#opening.add(opening);
    try {
      return await opening;
    } catch (error) {
      return this.#failed(error, "draft");
    } finally {
      this.#opening.delete(opening);
    }
  }

  /** Sealed drafts get their names, all or none. Those that don't are dropped. */
  async place(placings: readonly Placing[]): Promise<readonly Stored[] | Failure> {
    const room = (placings[0]?.draft as StoreDraft | undefined)?.room;
    if (room === undefined) return [];
    this.#rooms.retain(room);
    try {
      const plans = (await this.#leftRoom(room)) ?? (await placeAll(room, placings));
      if (plans instanceof Failure) {
        for (const { draft } of placings) await draft.drop();
        return plans;
      }
      for (const plan of plans) await this.#onPlaced(room, plan);
      this.#options.onWritten();
      return plans.map(storedOf);
    } finally {
      this.#rooms.release(room);
    }
  }

  /** Takes a file away. */
  async remove(name: string, condition?: Condition): Promise<Stored | Failure> {
    const removed = await this.#removed(name, condition);
    if (removed instanceof Failure) return removed;
    if (this.#options.quotaBytes !== null) {
      this.#options.account.settle(this.root.folder, 0, -removed.bytes);
    }
    this.#options.onWritten();
    return removed;
  }

  /** SHA-256 of a file below `root`, where it is kept, and the file is still what it was then. */
  keptDigest(file: OpenFile): Promise<Uint8Array | null> {
    return this.#inRoom((room) => keptFor(room, file));
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
    await this.#rooms.close();
  }

  onEnd(draft: StoreDraft): void {
    this.#drafts.delete(draft);
    this.#rooms.release(draft.room);
  }

  async #inRoom<T>(act: (room: DraftRoom) => Promise<T>): Promise<T> {
    const room = this.#rooms.retain(this.#rooms.current);
    try {
      return await act(room);
    } finally {
      this.#rooms.release(room);
    }
  }

  async #keptOrMade(file: OpenFile): Promise<Uint8Array> {
    file.retain(); // who asked first may be gone before it is made
    try {
      return await this.#inRoom(async (room) => {
        return (await keptFor(room, file)) ?? makeFor(room, file);
      });
    } finally {
      file.release();
    }
  }

  async #openDraft(bytes: number | null, withDigest: boolean): Promise<StoreDraft | Failure> {
    const room = await this.#rooms.take();
    const reservation = new Reservation(this.root.folder, room.free, this.#options);
    let draft: StoreDraft | null = null;
    try {
      const refusal = await reservation.cover(bytes ?? 1, bytes !== null);
      if (refusal !== null) return refusal;
      draft = await StoreDraft.open(ownName(), room, reservation, withDigest);
      this.#drafts.add(draft);
      return draft;
    } finally {
      if (draft === null) {
        reservation.settle(0);
        this.#rooms.release(room);
      }
    }
  }

  /** Why nothing can be placed in it: it has its folder's name no more. */
  async #leftRoom(room: DraftRoom): Promise<Failure | null> {
    try {
      if (await isInPlace(room)) return null;
      return new Failure("busy", `${this.root.folder} is another folder now`);
    } catch (error) {
      return failureIn(room, error, "place");
    }
  }

  async #removed(name: string, condition?: Condition): Promise<Stored | Failure> {
    let room: DraftRoom;
    try {
      room = await this.#rooms.take();
    } catch (error) {
      return this.#failed(error, "remove");
    }
    try {
      return await removeFile(room, name, condition);
    } finally {
      this.#rooms.release(room);
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
    return writeFailureOf(error, `${this.root.folder}: ${doing}`, this.#options.log);
  }
}
