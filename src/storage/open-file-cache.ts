// What was opened lately, so that most requests touch no disk. An entry is trusted for a second,
// then its name is looked at again: the same file in the same state stays, anything else is opened.
//
//   fresh → answered at once      stale → stat, one for all who ask      unknown → open, likewise
//
// Bounded in entries, descriptors and bytes. What goes is closed when the last reply lets go of it.
import type { Clock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { CacheEntry, isOverloaded } from "./cache-entry.ts";
import { CacheRoom } from "./cache-room.ts";
import { descriptorLimit, openFilesMaxUnder } from "./descriptor-limit.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { LocalDevices } from "./local-devices.ts";
import { openBelow, type Lookup, type Root } from "./open-below.ts";
import { OpenFile } from "./open-file.ts";
import { isStill } from "./quick-look.ts";
import { Roots } from "./roots.ts";
import { segmentsOf } from "./segments.ts";

const FRESH_MS = 1000;
const UNASKED_MS = 60_000;

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
  /** How many writes there were, at index 0; shared by the caches of all threads. */
  readonly generation?: Int32Array;
  /** A folder, absolute and real, of which nothing is served from any root. */
  readonly hidden?: string | undefined;
  readonly system?: FileSystem;
}

export class OpenFileCache {
  readonly #clock: Clock;
  readonly #system: FileSystem;
  readonly #known = new WeakMap<Root, Map<string, CacheEntry>>();
  readonly #roots: Roots;
  readonly #room: CacheRoom;
  readonly #devices: LocalDevices;
  readonly #generation: Int32Array;
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(options: OpenFileCacheOptions) {
    this.#clock = options.clock;
    this.#system = options.system ?? systemFiles;
    this.#devices = new LocalDevices(this.#system);
    this.#generation = options.generation ?? new Int32Array(1);
    this.#roots = new Roots(options.hidden);
    this.#room = new CacheRoom({
      entriesMax: options.entriesMax ?? 20_000,
      bytesMax: options.bytesMax ?? 64 * 1024 * 1024,
      openFilesMax: options.openFilesMax ?? openFilesMaxUnder(descriptorLimit()),
    });
  }

  /** What the cache holds; replies under way may hold more. */
  stats(): { entries: number; bytes: number; openFiles: number } {
    return this.#room.stats();
  }

  /**
   * The root for `folder`, the same for all who ask, so that routes which serve one folder share
   * what is known of it, before and after a reload.
   */
  root(folder: string, followLinks: boolean): Root {
    return this.#roots.at(folder, followLinks);
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
    const nowMs = this.#clock.monotonicMs();
    const isFresh = nowMs - entry.lookedMs < FRESH_MS && entry.writesSeen === this.#writes;
    if (lookup === null || !(isFresh || isStill(entry, nowMs, this.#writes, this.#system))) {
      return this.#ask(entry);
    }
    if (!(lookup instanceof OpenFile)) return lookup;
    // What is not held in memory is read when it is sent, and may have been written over just now.
    if (lookup.bytes === null) {
      if (!lookup.isAt(this.#system.fstatSync(lookup.fd))) return this.#ask(entry);
      lookup.confirmedMs = nowMs;
    }
    return lookup.retain();
  }

  /**
   * Whether nothing is at `path` below `root`, as far as that can be said at once; `beside` is a
   * file of the same folder. Nothing is remembered: a name that is not there takes nobody's place.
   */
  isAbsent(root: Root, path: string, beside: OpenFile): boolean {
    if (!beside.isLocal) return false;
    try {
      return this.#system.statSync(`${root.folder}/${path}`) === undefined;
    } catch {
      return false; // a lookup tells what is wrong
    }
  }

  /**
   * Something was written or deleted: every name is looked at again before it is answered by. All
   * of them, as links may lead from any name to what was written.
   */
  invalidate(): void {
    Atomics.add(this.#generation, 0, 1);
  }

  /**
   * To be called now and then: closes what nobody has asked for in a minute. A file that was
   * deleted takes up its disk for as long as it is open.
   */
  closeUnasked(): void {
    const since = this.#clock.monotonicMs() - UNASKED_MS;
    for (const entry of this.#room.open()) {
      if (entry.isIdle && entry.lookedMs < since) this.#forget(entry);
    }
  }

  /** Forgets and closes everything; what replies still hold is closed with them. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#room.entries()) this.#forget(entry);
  }

  get #writes(): number {
    return Atomics.load(this.#generation, 0);
  }

  #add(root: Root, path: string): CacheEntry {
    const entry = new CacheEntry(root, path, this.#writes);
    const below = this.#known.get(root) ?? new Map<string, CacheEntry>();
    this.#known.set(root, below);
    below.set(path, entry);
    this.#room.add(entry);
    return entry;
  }

  #ask(known: CacheEntry): Promise<Lookup> {
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

  async #look(entry: CacheEntry): Promise<Lookup> {
    entry.writesSeen = this.#writes;
    const startedMs = this.#clock.monotonicMs();
    try {
      if (!(await this.#isUnchanged(entry))) this.#keep(entry, await this.#open(entry));
      else (entry.lookup as OpenFile).looks += 1;
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

  async #isUnchanged(entry: CacheEntry): Promise<boolean> {
    const { lookup, settled } = entry;
    if (!(lookup instanceof OpenFile) || !settled) return false;
    try {
      const seen = await this.#system.stat(lookup.path);
      return lookup === entry.lookup && lookup.isAt(seen);
    } catch {
      return false; // opening it tells what is wrong
    }
  }

  async #open({ root, path }: CacheEntry): Promise<Lookup> {
    const open = (): Promise<Lookup> =>
      openBelow(root, path, this.#system, (fd) => this.#closeFd(fd));
    const found = await open();
    if (found instanceof OpenFile) found.isLocal = await this.#devices.has(found.dev, found.path);
    if (!isOverloaded(found)) return found;
    // No descriptors are left: those that nobody but the cache holds are given up for this one.
    for (const entry of this.#room.open()) if (entry.isIdle) this.#forget(entry);
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

  #keep(entry: CacheEntry, found: Lookup): void {
    this.#letGo(entry);
    entry.lookup = found;
    if (!(found instanceof OpenFile)) return;
    entry.settled = this.#clock.nowMs() - found.mtimeMs > SETTLED_MS;
    this.#room.took(entry, found);
  }

  // In one turn with the end of the look, so that nobody closes the file before it is handed out.
  #handOut(entry: CacheEntry): Lookup {
    const lookup = entry.lookup!;
    if (lookup instanceof OpenFile) for (let n = 0; n < entry.waiting; n += 1) lookup.retain();
    // Forgotten while it was looked at: it is theirs who waited, and nobody else's.
    if (!this.#room.has(entry)) this.#letGo(entry);
    this.#room.make(entry, (one) => this.#forget(one));
    return lookup;
  }

  #forget(entry: CacheEntry): void {
    const below = this.#known.get(entry.root);
    if (below?.get(entry.path) === entry) below.delete(entry.path);
    this.#room.delete(entry);
    this.#letGo(entry);
  }

  #letGo(entry: CacheEntry): void {
    const { lookup } = entry;
    entry.lookup = null;
    if (!(lookup instanceof OpenFile)) return;
    this.#room.gave(entry, lookup);
    lookup.release();
  }
}
