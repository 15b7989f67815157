// How many bytes each written folder holds, for all workers of a server: the one place that says
// whether more may be taken. What a folder holds is measured when it is first asked about, then
// kept by adding what workers settle, and measured anew now and then: others write there, too.
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { measureFolder } from "./measure-folder.ts";
import type { FromAccounts, Reserve, Settle, ToAccounts } from "./messages.ts";

const MEASURE_EVERY_MS = 10 * 60_000;
// Before it refuses, it looks again whether somebody made room, but not all the time.
const LOOK_AGAIN_MS = 2000;
const LOOK_SHARE = 10;
const BOOKS_MAX = 1000;
const WAITING_MAX = 10_000;

export interface AccountsParts {
  readonly clock: Clock;
  readonly log: Log;
  post(owner: number, message: FromAccounts): void;
  /** How many bytes a folder holds; for tests. */
  readonly measure?: (folder: string) => Promise<number>;
}

/** What is known of one folder. */
interface Book {
  readonly folder: string;
  stored: number;
  reserved: number;
  readonly reservedBy: Map<number, number>;
  /** When it was last measured, and how long that took. */
  measuredMs: number | null;
  tookMs: number;
  measuring: Promise<void> | null;
  /** What was added while it is measured: it may have been seen, or not. */
  addedMeanwhile: number;
  waiting: number;
}

export class Accounts {
  readonly #parts: AccountsParts;
  readonly #measure: (folder: string) => Promise<number>;
  readonly #books = new Map<string, Book>();
  readonly #owners = new Set<number>();

  constructor(parts: AccountsParts) {
    this.#parts = parts;
    this.#measure = parts.measure ?? measureFolder;
  }

  /** Folders that something is known of. */
  get folders(): number {
    return this.#books.size;
  }

  /** Lets `owner` ask. Its number is its own for ever, as a thread's id. */
  ownerCame(owner: number): void {
    this.#owners.add(owner);
  }

  /** Frees what `owner` had reserved. What still comes from it does nothing. */
  ownerGone(owner: number): void {
    this.#owners.delete(owner);
    for (const book of this.#books.values()) {
      const reserved = book.reservedBy.get(owner);
      if (reserved === undefined) continue;
      book.reservedBy.delete(owner);
      book.reserved -= reserved;
      // It may have placed a file and not lived to tell of it; a look that is under way may have
      // been past it.
      void Promise.resolve(book.measuring).then(() => this.#look(book));
    }
  }

  receive(owner: number, message: ToAccounts): void {
    if (!this.#owners.has(owner)) return; // sent before it died
    if (message.kind === "settle") this.#settle(owner, message);
    else void this.#reserve(owner, message);
  }

  async #reserve(owner: number, { id, folder, bytes, limit }: Reserve): Promise<void> {
    const take = (book: Book): boolean => this.#tryTake(book, owner, bytes, limit);
    const granted = bytes <= limit && (await this.#takeOrLook(this.#bookOf(folder), take));
    if (this.#owners.has(owner)) this.#parts.post(owner, { id, granted });
  }

  async #takeOrLook(book: Book, take: (book: Book) => boolean): Promise<boolean> {
    if (this.#ageOf(book) > MEASURE_EVERY_MS) {
      const isKnown = book.measuredMs !== null;
      const measured = this.#look(book);
      if (!isKnown && !(await this.#waited(book, measured))) return false;
    }
    if (take(book)) return true;
    if (this.#ageOf(book) < Math.max(LOOK_AGAIN_MS, LOOK_SHARE * book.tookMs)) return false;
    return (await this.#waited(book, this.#look(book))) && take(book);
  }

  /** Asks and takes in one turn: nobody comes between. */
  #tryTake(book: Book, owner: number, bytes: number, limit: number): boolean {
    if (book.stored + book.reserved + bytes > limit || !this.#owners.has(owner)) return false;
    if (bytes === 0) return true; // and nothing to settle
    book.reserved += bytes;
    book.reservedBy.set(owner, (book.reservedBy.get(owner) ?? 0) + bytes);
    return true;
  }

  /** False where too many wait already. */
  async #waited(book: Book, measured: Promise<void>): Promise<boolean> {
    if (book.waiting >= WAITING_MAX) return false;
    book.waiting += 1;
    await measured;
    book.waiting -= 1;
    return true;
  }

  #settle(owner: number, { folder, reserved, actual }: Settle): void {
    const book = this.#books.get(folder);
    if (book === undefined) return; // it is measured when somebody asks
    const held = book.reservedBy.get(owner) ?? 0;
    const freed = Math.min(held, reserved);
    book.reserved -= freed;
    if (held === freed) book.reservedBy.delete(owner);
    else book.reservedBy.set(owner, held - freed);
    book.stored = Math.max(0, book.stored + actual);
    if (book.measuring !== null) book.addedMeanwhile += Math.max(0, actual);
  }

  #ageOf({ measuredMs }: Book): number {
    return measuredMs === null ? Infinity : this.#parts.clock.monotonicMs() - measuredMs;
  }

  /** Measures the folder; who comes meanwhile waits for the same. */
  #look(book: Book): Promise<void> {
    book.measuring ??= this.#lookNow(book).finally(() => {
      book.measuring = null;
    });
    return book.measuring;
  }

  async #lookNow(book: Book): Promise<void> {
    const { clock, log } = this.#parts;
    const startedMs = clock.monotonicMs();
    book.addedMeanwhile = 0;
    try {
      const bytes = await this.#measure(book.folder);
      // Twice rather than not at all: before a refusal it is measured again.
      book.stored = bytes + book.addedMeanwhile;
    } catch (error) {
      log.warn(`cannot tell how much ${book.folder} holds: ${(error as Error).message}`);
    }
    book.measuredMs = clock.monotonicMs();
    book.tookMs = book.measuredMs - startedMs;
  }

  #bookOf(folder: string): Book {
    const known = this.#books.get(folder);
    if (known !== undefined) return known;
    const book: Book = {
      folder,
      stored: 0,
      reserved: 0,
      reservedBy: new Map(),
      measuredMs: null,
      tookMs: 0,
      measuring: null,
      addedMeanwhile: 0,
      waiting: 0,
    };
    this.#books.set(folder, book);
    if (this.#books.size > BOOKS_MAX) this.#dropIdle();
    return book;
  }

  /** Configs come and go; the folders of those that went are not kept. */
  #dropIdle(): void {
    for (const [folder, book] of this.#books) {
      if (this.#books.size <= BOOKS_MAX) return;
      const isIdle = book.reservedBy.size === 0 && book.measuring === null;
      if (isIdle && book.measuredMs !== null) this.#books.delete(folder);
    }
  }
}
