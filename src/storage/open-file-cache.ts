// What was opened lately, so that most requests touch no disk. An entry is trusted for a second,
// then its name is looked at again: the same file in the same state stays, anything else is opened.
//
//   fresh → answered at once      stale → stat, one for all who ask      unknown → open, likewise
//
// Bounded in entries, descriptors and bytes. What goes is closed when the last reply lets go of it.
import type { Clock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { descriptorLimit, openFilesMaxUnder } from "./descriptor-limit.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { openBelow, type Lookup, type Root } from "./open-below.ts";
import { OpenFile } from "./open-file.ts";
import { segmentsOf } from "./segments.ts";
import { Shelf } from "./shelf.ts";

const FRESH_MS = 1000;

// Of all paths that are remembered: they are as long as clients like, and mostly guessed.
const PATHS_LENGTH_MAX = 8 * 1024 * 1024;

// File systems tell times as coarsely as 2 s. A file that was changed so shortly before it was read
// may be changed again and look the same: it is read again until it is older than that.
const SETTLED_MS = 2000;

export interface OpenFileCacheOptions {
  readonly clock: Clock;
  readonly entriesMax?: number;
  /** Of files held in memory. */
  readonly bytesMax?: number;
  /** Descriptors kept open; by default 512, or an eighth of the process's limit. */
  readonly openFilesMax?: number;
  readonly generation?: Int32Array;
  readonly system?: FileSystem;
}

interface Entry {
  readonly root: Root;
  readonly path: string;
  /** What was found, with the cache's own reference; null: nothing yet, or forgotten. */
  lookup: Lookup | null;
  /** When the look began that `lookup` is from, and how many writes there had been. */
  lookedMs: number;
  writesSeen: number;
  settled: boolean;
  /** A look under way, and how many wait for it: each gets a reference. */
  pending: Promise<Lookup> | null;
  waiting: number;
  used: boolean;
}

export class OpenFileCache {
  readonly #clock: Clock;
  readonly #system: FileSystem;
  readonly #bytesMax: number;
  readonly #known = new WeakMap<Root, Map<string, Entry>>();
  readonly #entries: Shelf<Entry>;
  /** The entries whose lookup is a file. */
  readonly #files: Shelf<Entry>;
  readonly #closing = new Set<Promise<void>>();
  #bytes = 0;
  #pathsLength = 0;
  #writes = 0;
  #closed = false;

  constructor(options: OpenFileCacheOptions) {
    this.#clock = options.clock;
    this.#system = options.system ?? systemFiles;
    this.#bytesMax = options.bytesMax ?? 64 * 1024 * 1024;
    this.#entries = new Shelf(options.entriesMax ?? 20_000);
    this.#files = new Shelf(options.openFilesMax ?? openFilesMaxUnder(descriptorLimit()));
  }

  /** What the cache holds; replies under way may hold more. */
  stats(): { entries: number; bytes: number; openFiles: number } {
    return { entries: this.#entries.size, bytes: this.#bytes, openFiles: this.#files.size };
  }

  /**
   * What `path` (decoded, without leading slash) names below `root`. A file comes retained:
   * whoever asked releases it, or the driver behind its reply. A promise only where the disk is
   * asked.
   */
  lookup(root: Root, path: string): Lookup | Promise<Lookup> {
    const entry = this.#known.get(root)?.get(path);
    if (entry === undefined) {
      const names = segmentsOf(path);
      return names instanceof Failure ? names : this.#ask(this.#add(root, path));
    }
    entry.used = true;
    const { lookup } = entry;
    if (lookup === null || entry.writesSeen !== this.#writes) return this.#ask(entry);
    if (this.#clock.monotonicMs() - entry.lookedMs >= FRESH_MS) return this.#ask(entry);
    if (!(lookup instanceof OpenFile)) return lookup;
    // What is not held in memory is read when it is sent, and may have been written over just now.
    if (lookup.bytes === null && !lookup.isAt(this.#system.fstatSync(lookup.fd))) {
      return this.#ask(entry);
    }
    return lookup.retain();
  }

  /**
   * Something was written or deleted: every name is looked at again before it is answered by. All
   * of them, as links may lead from any name to what was written.
   */
  invalidate(): void {
    this.#writes += 1;
  }

  /** Forgets and closes everything; what replies still hold is closed with them. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#entries) this.#forget(entry);
  }

  #add(root: Root, path: string): Entry {
    const entry: Entry = {
      root,
      path,
      lookup: null,
      lookedMs: 0,
      writesSeen: this.#writes,
      settled: false,
      pending: null,
      waiting: 0,
      // A name that is asked for once, as those that somebody guesses are, goes first.
      used: false,
    };
    const below = this.#known.get(root) ?? new Map<string, Entry>();
    this.#known.set(root, below);
    below.set(path, entry);
    this.#pathsLength += path.length;
    this.#entries.add(entry);
    return entry;
  }

  #ask(known: Entry): Promise<Lookup> {
    let entry = known;
    if (entry.pending !== null && entry.writesSeen !== this.#writes) {
      // The look under way may have seen what was there before the write.
      this.#forget(entry);
      entry = this.#add(entry.root, entry.path);
    }
    entry.waiting += 1;
    entry.pending ??= this.#look(entry);
    return entry.pending;
  }

  async #look(entry: Entry): Promise<Lookup> {
    entry.writesSeen = this.#writes;
    const startedMs = this.#clock.monotonicMs();
    try {
      if (!(await this.#isUnchanged(entry))) this.#keep(entry, await this.#open(entry));
      // That there were no descriptors says nothing of the next moment.
      entry.lookedMs = isOverloaded(entry.lookup) ? -Infinity : startedMs;
      return this.#handOut(entry);
    } catch (error) {
      this.#forget(entry);
      throw error;
    } finally {
      entry.pending = null;
      entry.waiting = 0;
    }
  }

  async #isUnchanged(entry: Entry): Promise<boolean> {
    const { lookup, settled } = entry;
    if (!(lookup instanceof OpenFile) || !settled) return false;
    try {
      const seen = await this.#system.stat(lookup.path);
      return lookup === entry.lookup && lookup.isAt(seen);
    } catch {
      return false; // opening it tells what is wrong
    }
  }

  async #open({ root, path }: Entry): Promise<Lookup> {
    const open = (): Promise<Lookup> =>
      openBelow(root, path, this.#system, (fd) => this.#closeFd(fd));
    const found = await open();
    if (!isOverloaded(found)) return found;
    // No descriptors are left: those that nobody but the cache holds are given up for this one.
    for (const entry of this.#files) if (isIdle(entry)) this.#forget(entry);
    await Promise.all(this.#closing);
    return open();
  }

  #closeFd(fd: number): void {
    // Nobody is served any more who could be kept waiting.
    if (this.#closed) return this.#system.closeSync(fd);
    // A descriptor that was only read has nothing to lose when its close fails.
    const closing = this.#system.close(fd).catch(() => undefined);
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }

  #keep(entry: Entry, found: Lookup): void {
    this.#letGo(entry);
    entry.lookup = found;
    if (!(found instanceof OpenFile)) return;
    entry.settled = this.#clock.nowMs() - found.mtimeMs > SETTLED_MS;
    this.#bytes += found.bytes?.length ?? 0;
    this.#files.add(entry);
  }

  // In one turn with the end of the look, so that nobody closes the file before it is handed out.
  #handOut(entry: Entry): Lookup {
    const lookup = entry.lookup!;
    if (lookup instanceof OpenFile) for (let n = 0; n < entry.waiting; n += 1) lookup.retain();
    // Forgotten while it was looked at: it is theirs who waited, and nobody else's.
    if (!this.#entries.has(entry)) this.#letGo(entry);
    this.#makeRoom(entry);
    return lookup;
  }

  #makeRoom(newest: Entry): void {
    const maySpare = (entry: Entry): boolean => entry !== newest && entry.pending === null;
    const isCrowded = (): boolean =>
      this.#entries.isOverfull || this.#pathsLength > PATHS_LENGTH_MAX;
    for (const entry of this.#entries.leaving(isCrowded, maySpare)) this.#forget(entry);
    const isFull = (): boolean => this.#files.isOverfull || this.#bytes > this.#bytesMax;
    for (const entry of this.#files.leaving(isFull, maySpare)) this.#forget(entry);
  }

  #forget(entry: Entry): void {
    const below = this.#known.get(entry.root);
    if (below?.get(entry.path) === entry) below.delete(entry.path);
    if (this.#entries.has(entry)) this.#pathsLength -= entry.path.length;
    this.#entries.delete(entry);
    this.#letGo(entry);
  }

  #letGo(entry: Entry): void {
    const { lookup } = entry;
    entry.lookup = null;
    if (!(lookup instanceof OpenFile)) return;
    this.#bytes -= lookup.bytes?.length ?? 0;
    this.#files.delete(entry);
    lookup.release();
  }
}

function isOverloaded(found: Lookup | null): boolean {
  return found instanceof Failure && found.code === "overloaded";
}

function isIdle({ lookup, pending }: Entry): boolean {
  return pending === null && lookup instanceof OpenFile && lookup.isIdle;
}
