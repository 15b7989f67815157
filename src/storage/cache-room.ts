// How much the open-file cache holds, and what it gives up where that is too much: names, bytes in
// memory, descriptors, each with a bound of its own.
import type { CacheEntry } from "./cache-entry.ts";
import { NO_DESCRIPTOR, type OpenFile } from "./open-file.ts";
import { Shelf } from "./shelf.ts";

// Of all paths that are remembered: they are as long as clients like, and mostly guessed.
const PATHS_LENGTH_MAX = 8 * 1024 * 1024;

export interface CacheBounds {
  readonly entriesMax: number;
  readonly bytesMax: number;
  readonly openFilesMax: number;
}

export class CacheRoom {
  readonly #bytesMax: number;
  readonly #entries: Shelf<CacheEntry>;
  /** Those whose file is in memory. */
  readonly #held: Shelf<CacheEntry>;
  /** Those whose file has a descriptor. */
  readonly #open: Shelf<CacheEntry>;
  #bytes = 0;
  #pathsLength = 0;

  constructor({ entriesMax, bytesMax, openFilesMax }: CacheBounds) {
    this.#bytesMax = bytesMax;
    this.#entries = new Shelf(entriesMax);
    this.#held = new Shelf(entriesMax);
    this.#open = new Shelf(openFilesMax);
  }

  stats(): { entries: number; bytes: number; openFiles: number } {
    return { entries: this.#entries.size, bytes: this.#bytes, openFiles: this.#open.size };
  }

  entries(): Iterable<CacheEntry> {
    return this.#entries;
  }

  /** Those that have a descriptor. */
  open(): Iterable<CacheEntry> {
    return this.#open;
  }

  has(entry: CacheEntry): boolean {
    return this.#entries.has(entry);
  }

  add(entry: CacheEntry): void {
    this.#pathsLength += entry.path.length;
    this.#entries.add(entry);
  }

  delete(entry: CacheEntry): void {
    if (this.#entries.has(entry)) this.#pathsLength -= entry.path.length;
    this.#entries.delete(entry);
  }

  /** `entry` got its `file`. */
  took(entry: CacheEntry, file: OpenFile): void {
    this.#bytes += file.bytes?.length ?? 0;
    (file.fd === NO_DESCRIPTOR ? this.#held : this.#open).add(entry);
  }

  /** `entry` lost its `file`. */
  gave(entry: CacheEntry, file: OpenFile): void {
    this.#bytes -= file.bytes?.length ?? 0;
    this.#held.delete(entry);
    this.#open.delete(entry);
  }

  /** Has as many entries forgotten as must go, but for `newest` and those that are looked for. */
  make(newest: CacheEntry, forget: (entry: CacheEntry) => void): void {
    const maySpare = (entry: CacheEntry): boolean => entry !== newest && entry.pending === null;
    const isCrowded = (): boolean =>
      this.#entries.isOverfull || this.#pathsLength > PATHS_LENGTH_MAX;
    for (const entry of this.#entries.leaving(isCrowded, maySpare)) forget(entry);
    const isOpenFull = (): boolean => this.#open.isOverfull;
    for (const entry of this.#open.leaving(isOpenFull, maySpare)) forget(entry);
    const isHeavy = (): boolean => this.#bytes > this.#bytesMax;
    for (const entry of this.#held.leaving(isHeavy, maySpare)) forget(entry);
  }
}
