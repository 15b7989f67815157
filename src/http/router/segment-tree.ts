// The routes of a site some of whose paths have parameters: a tree of their segments. From the left
// each segment of a path is tried as a literal one, as a parameter, as a `*`'s, in this order; what
// leads nowhere is taken back. A lookup passes each node once at most, so however often it goes
// back, what it costs is bound by the config, not by who asks.
import { Folder } from "./folder.ts";
import type { Match } from "./match.ts";
import { endOfSegment, isParam } from "./pattern.ts";

interface Node<T> {
  readonly literal: Map<string, Node<T>>;
  param: Node<T> | null;
  exact: Match<T> | null;
  folder: Folder<T> | null;
}

export class SegmentTree<T> {
  readonly #root = emptyNode<T>();

  /** False: a route has the pattern already, perhaps with other names of parameters. */
  add(match: Match<T>): boolean {
    const { kind, prefix } = match.pattern;
    const segments = prefix.split("/").slice(1);
    if (kind !== "exact") segments.pop(); // prefixes end in a slash
    let node = this.#root;
    for (const segment of segments) node = grown(node, segment);
    if (kind !== "exact") return (node.folder ??= new Folder()).add(match);
    if (node.exact !== null) return false;
    node.exact = match;
    return true;
  }

  lookup(path: string): Match<T> | null {
    if (path !== "" && path[0] !== "/") return null;
    return find(this.#root, path, 1);
  }
}

/** `from` is where the next segment begins, behind its slash; beyond the path: there is none. */
function find<T>(node: Node<T>, path: string, from: number): Match<T> | null {
  if (from > path.length) return node.exact ?? node.folder?.lookup(path) ?? null;
  const end = endOfSegment(path, from);
  const literal = node.literal.get(path.slice(from, end));
  let found = literal === undefined ? null : find(literal, path, end + 1);
  if (found === null && node.param !== null && end > from) found = find(node.param, path, end + 1);
  return found ?? node.folder?.lookup(path) ?? null;
}

function grown<T>(node: Node<T>, segment: string): Node<T> {
  if (isParam(segment)) return (node.param ??= emptyNode());
  const there = node.literal.get(segment);
  if (there !== undefined) return there;
  const made = emptyNode<T>();
  node.literal.set(segment, made);
  return made;
}

function emptyNode<T>(): Node<T> {
  return { literal: new Map(), param: null, exact: null, folder: null };
}
