// The routes of one site, compiled so that a lookup is one map hit or a short walk from the longest
// prefix. Exact wins, then the longest prefix, then, of equal prefixes, the one with a suffix.
// Where several suffixes of one prefix match, the one that ends first is the script of the path
// ("/a.php/b.py" is a.php's), and of those that end together the longest says most.
import { suffixEnd, type Pattern } from "./pattern.ts";

/** The answer of a lookup. One object a route, made at load: a lookup allocates nothing. */
export interface Match<T> {
  /** Index of the site. */
  readonly site: number;
  /** Index of the route in its site. */
  readonly index: number;
  readonly pattern: Pattern;
  readonly route: T;
  /** For `Exchange.prefixLength`. */
  readonly prefixLength: number;
}

interface Folder<T> {
  plain: Match<T> | null;
  readonly withSuffix: Match<T>[];
}

const SLASH = 0x2f;

/** Finds the route of a decoded path among one site's. */
export class RouteTable<T> {
  readonly matches: readonly Match<T>[];
  readonly #exact = new Map<string, Match<T>>();
  readonly #folders = new Map<string, Folder<T>>();
  /** How long prefixes are, the longest first: the walk's only stops. */
  readonly #lengths: readonly number[];

  /** `matches` have no pattern twice: the config's check reports that, so here it is a bug. */
  constructor(matches: readonly Match<T>[]) {
    this.matches = matches;
    for (const match of matches) this.#add(match);
    const lengths = new Set(Array.from(this.#folders.keys(), (prefix) => prefix.length));
    this.#lengths = [...lengths].sort((a, b) => b - a);
  }

  lookup(path: string): Match<T> | null {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return exact;
    for (const length of this.#lengths) {
      const folder = this.#folderOf(path, length);
      if (folder === undefined) continue;
      const match = bySuffix(folder.withSuffix, path) ?? folder.plain;
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

  #add(match: Match<T>): void {
    const { kind, prefix, text } = match.pattern;
    if (kind === "exact") {
      if (this.#exact.has(prefix)) throw new Error(`two routes at ${text}`);
      this.#exact.set(prefix, match);
      return;
    }
    const folder = this.#folders.get(prefix) ?? { plain: null, withSuffix: [] };
    this.#folders.set(prefix, folder);
    const others = folder.plain === null ? folder.withSuffix : [folder.plain, ...folder.withSuffix];
    if (others.some((other) => other.pattern.text === text))
      throw new Error(`two routes at ${text}`);
    if (kind === "prefix") folder.plain = match;
    else folder.withSuffix.push(match);
  }
}

function bySuffix<T>(matches: readonly Match<T>[], path: string): Match<T> | null {
  let best: Match<T> | null = null;
  let bestEnd = 0;
  for (const match of matches) {
    const { prefix, suffix } = match.pattern;
    const end = suffixEnd(path, prefix, suffix);
    if (end === -1) continue;
    const longer = best !== null && suffix.length > best.pattern.suffix.length;
    if (best === null || end < bestEnd || (end === bestEnd && longer)) {
      best = match;
      bestEnd = end;
    }
  }
  return best;
}
