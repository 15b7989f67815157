// The routes of one prefix: the plain one, and those with a suffix. Where several suffixes match,
// the one that ends first is the script of the path ("/a.php/b.py" is a.php's), and of those that
// end together the longest says most.
import { suffixEnd } from "./pattern.ts";
import type { Match } from "./match.ts";

export class Folder<T> {
  #plain: Match<T> | null = null;
  readonly #withSuffix: Match<T>[] = [];

  /** False: a route of this folder has the pattern already. */
  add(match: Match<T>): boolean {
    const { kind, suffix } = match.pattern;
    if (kind === "prefix") {
      if (this.#plain !== null) return false;
      this.#plain = match;
      return true;
    }
    if (this.#withSuffix.some((other) => other.pattern.suffix === suffix)) return false;
    this.#withSuffix.push(match);
    return true;
  }

  /** The route of `path`, which lies in this folder. */
  lookup(path: string): Match<T> | null {
    return this.#bySuffix(path) ?? this.#plain;
  }

  #bySuffix(path: string): Match<T> | null {
    let best: Match<T> | null = null;
    let bestEnd = 0;
    for (const match of this.#withSuffix) {
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
}
