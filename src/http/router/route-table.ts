// The routes of one site, compiled so that a lookup is one map hit or a short walk from the longest
// prefix. Exact wins, then the longest prefix, then, of equal prefixes, the one with a suffix.
// Where a path has parameters a tree has the site's routes, and answers alike.
import { Folder } from "./folder.ts";
import type { Match } from "./match.ts";
import { SegmentTree } from "./segment-tree.ts";

const SLASH = 0x2f;

/** Finds the route of a decoded path among one site's. */
export class RouteTable<T> {
  readonly matches: readonly Match<T>[];
  /** Those without parameters: nothing says more of a path than the whole of it. */
  readonly #exact = new Map<string, Match<T>>();
  readonly #folders = new Map<string, Folder<T>>();
  /** How long prefixes are, the longest first: the walk's only stops. */
  readonly #lengths: readonly number[];
  /** Null where no path has parameters: a walk over lengths is faster. */
  readonly #tree: SegmentTree<T> | null;

  /** `matches` have no pattern twice: the config's check reports that, so here it is a bug. */
  constructor(matches: readonly Match<T>[]) {
    this.matches = matches;
    const hasParams = matches.some(({ pattern }) => pattern.params.length > 0);
    this.#tree = hasParams ? new SegmentTree() : null;
    for (const match of matches) {
      if (!this.#add(match)) throw new Error(`two routes at ${match.pattern.text}`);
    }
    const lengths = new Set(Array.from(this.#folders.keys(), (prefix) => prefix.length));
    this.#lengths = [...lengths].sort((a, b) => b - a);
  }

  lookup(path: string): Match<T> | null {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    if (this.#tree !== null) return this.#tree.lookup(path);
    for (const length of this.#lengths) {
      const match = this.#folderOf(path, length)?.lookup(path) ?? null;
      if (match !== null) return match;
    }
    return null;
  }

  /** The prefix `/a/*` is `/a` too, so a path may be one shorter than the prefix. */
  #folderOf(path: string, length: number): Folder<T> | undefined {
    if (length <= path.length) {
      return path.charCodeAt(length - 1) === SLASH
        ? this.#folders.get(path.slice(0, length))
        : undefined;
    }
    return length === path.length + 1 ? this.#folders.get(`${path}/`) : undefined;
  }

  #add(match: Match<T>): boolean {
    const { kind, prefix, params } = match.pattern;
    if (kind === "exact" && params.length === 0) {
      if (this.#exact.has(prefix)) return false;
      this.#exact.set(prefix, match);
      return true;
    }
    if (this.#tree !== null) return this.#tree.add(match);
    const folder = this.#folders.get(prefix) ?? new Folder();
    this.#folders.set(prefix, folder);
    return folder.add(match);
  }
}
