// What was opened lately, so that most requests touch no disk. An entry is trusted for a second, then
// its name is looked at again: the same file in the same state stays, anything else is opened anew.
// Bounded in entries, descriptors and bytes; what goes is closed when the last reply lets go of it.
//
//   fresh → answered at once      stale → stat, one for all who ask      unknown → open, likewise
import { systemClock, type Clock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { openBelow, statPath, isSame, type Lookup, type Root } from "./open-below.ts";
import { OpenFile } from "./open-file.ts";

const FRESH_MS = 1000;

export interface OpenFileCacheOptions {
  readonly clock?: Clock;
  readonly entriesMax?: number;
  /** Of files held in memory. */
  readonly bytesMax?: number;
  /** Descriptors that the cache keeps open. */
  readonly openFilesMax?: number;
}

interface Entry {
  readonly key: string;
  lookup: Lookup | null;
  pending: Promise<Lookup> | null;
  checkedMs: number;
  used: boolean;
}

export class OpenFileCache {
  readonly #clock: Clock;
  readonly #entriesMax: number;
  readonly #bytesMax: number;
  readonly #openFilesMax: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #openFiles = 0;
  #closed = false;

  constructor(options: OpenFileCacheOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#entriesMax = options.entriesMax ?? 20_000;
    this.#bytesMax = options.bytesMax ?? 64 * 1024 * 1024;
    this.#openFilesMax = options.openFilesMax ?? 512;
  }

  stats(): { entries: number; bytes: number; openFiles: number } {
    return { entries: this.#entries.size, bytes: this.#bytes, openFiles: this.#openFiles };
  }

  /**
   * What `path` (decoded, without leading slash) names below `root`. A file comes retained: whoever
   * asked releases it, or the driver behind its reply. A promise only where the disk is asked.
   */
  lookup(root: Root, path: string): Lookup | Promise<Lookup> {
    const key = `${root.followLinks ? "+" : "-"}${root.folder}\0${path}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#ask(this.#add(key), root, path);
    entry.used = true;
    const fresh = this.#clock.monotonicMs() - entry.checkedMs < FRESH_MS;
    if (fresh && entry.lookup !== null) return retained(entry.lookup);
    return this.#ask(entry, root, path);
  }

  /** Forgets what is known of everything below `folder`: it was written to. */
  invalidate(folder: string): void {
    for (const entry of this.#entries.values()) {
      const [root = "", path = ""] = entry.key.slice(1).split("\0");
      if (`${root}/${path}`.startsWith(folder)) entry.checkedMs = -Infinity;
    }
  }

  /** Lets go of everything; what replies still hold is closed with them. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#entries.values()) this.#drop(entry);
    this.#entries.clear();
  }

  #add(key: string): Entry {
    const entry = { key, lookup: null, pending: null, checkedMs: -Infinity, used: true };
    this.#entries.set(key, entry);
    return entry;
  }

  // Everybody who asks meanwhile waits for the one look, and gets a reference of their own.
  #ask(entry: Entry, root: Root, path: string): Promise<Lookup> {
    entry.pending ??= this.#look(entry, root, path).finally(() => {
      entry.pending = null;
    });
    return entry.pending.then((lookup) => this.#handOut(entry, root, path, lookup));
  }

  // Between the look and the one who waited for it the entry may have been dropped, and its file with
  // it: then there is nothing to hand out but another look.
  #handOut(entry: Entry, root: Root, path: string, lookup: Lookup): Lookup | Promise<Lookup> {
    if (lookup instanceof OpenFile && entry.lookup !== lookup) return openBelow(root, path);
    return retained(lookup);
  }

  async #look(entry: Entry, root: Root, path: string): Promise<Lookup> {
    const startedMs = this.#clock.monotonicMs();
    if (!(await isUnchanged(entry.lookup))) {
      const found = await this.#open(root, path);
      this.#drop(entry);
      this.#keep(entry, found);
    }
    entry.checkedMs = startedMs;
    const { lookup } = entry;
    this.#makeRoom(entry);
    return lookup!;
  }

  async #open(root: Root, path: string): Promise<Lookup> {
    const found = await openBelow(root, path);
    if (!(found instanceof Failure) || found.code !== "overloaded") return found;
    // No descriptors left: those that only the cache holds are given up for this one.
    for (const entry of this.#entries.values()) if (holdsDescriptor(entry)) this.#drop(entry);
    await new Promise((resolve) => setImmediate(resolve)); // a close takes its turn
    return openBelow(root, path);
  }

  #keep(entry: Entry, found: Lookup): void {
    entry.lookup = found;
    if (!(found instanceof OpenFile)) return;
    this.#bytes += found.bytes?.length ?? 0;
    if (found.fd >= 0) this.#openFiles += 1;
    if (this.#closed || this.#entries.get(entry.key) !== entry) {
      // Forgotten while it was opened: it lives as long as those who wait for it.
      queueMicrotask(() => queueMicrotask(() => this.#drop(entry)));
    }
  }

  #drop(entry: Entry): void {
    const { lookup } = entry;
    entry.lookup = null;
    entry.checkedMs = -Infinity;
    if (!(lookup instanceof OpenFile)) return;
    this.#bytes -= lookup.bytes?.length ?? 0;
    if (lookup.fd >= 0) this.#openFiles -= 1;
    lookup.release();
  }

  // The oldest goes first, unless it was used since it was last looked at: then it gets another round.
  #makeRoom(newest: Entry): void {
    for (const entry of this.#entries.values()) {
      const full = this.#entries.size > this.#entriesMax || this.#bytes > this.#bytesMax;
      if (!full && this.#openFiles <= this.#openFilesMax) return;
      if (entry === newest || entry.pending !== null) continue;
      this.#entries.delete(entry.key);
      if (entry.used) {
        entry.used = false;
        this.#entries.set(entry.key, entry);
      } else this.#drop(entry);
    }
  }
}

function retained(lookup: Lookup): Lookup {
  return lookup instanceof OpenFile ? lookup.retain() : lookup;
}

function holdsDescriptor({ lookup, pending }: Entry): boolean {
  return pending === null && lookup instanceof OpenFile && lookup.fd >= 0;
}

async function isUnchanged(known: Lookup | null): Promise<boolean> {
  if (!(known instanceof OpenFile)) return false;
  try {
    const { inode: ino, dev, size, mtimeNs } = known;
    return isSame({ ino, dev, size: BigInt(size), mtimeNs }, await statPath(known.path));
  } catch {
    return false; // opening it tells what is wrong
  }
}
