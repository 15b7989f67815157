// One name that the open-file cache remembers.
import { Failure } from "../base/failure.ts";
import type { Lookup, Root } from "./open-below.ts";
import { OpenFile } from "./open-file.ts";

export class CacheEntry {
  readonly root: Root;
  readonly path: string;
  /** What was found, with the cache's own reference; null: nothing yet, or forgotten. */
  lookup: Lookup | null = null;
  /** When the look began that `lookup` is from, and how many writes there had been. */
  lookedMs = 0;
  writesSeen: number;
  /** The file was old enough when it was read: a change since then can be seen. */
  settled = false;
  /** A look under way, and how many wait for it: each gets a reference. */
  pending: Promise<Lookup> | null = null;
  waiting = 0;
  // A name that is asked for once, as those that somebody guesses are, goes first.
  used = false;

  constructor(root: Root, path: string, writesSeen: number) {
    this.root = root;
    this.path = path;
    this.writesSeen = writesSeen;
  }

  /** It is a file that only the cache holds. */
  get isIdle(): boolean {
    return this.pending === null && this.lookup instanceof OpenFile && this.lookup.isIdle;
  }
}

/** No descriptors were left to look with. */
export function isOverloaded(found: Lookup | null): boolean {
  return found instanceof Failure && found.code === "overloaded";
}
