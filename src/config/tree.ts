// From the parser's tree to ours: tables and lists as they are meant, each with its place. Where
// the text was mended, marks say what the parser can't be asked: values that stand for broken ones,
// and headers that name a table for the second time.
import type { AST } from "toml-eslint-parser";
import { FILE_START, type Span } from "./problem.ts";
import type { Entry, ListNode, Node, TableNode } from "./node.ts";

export interface Marks {
  /** Where values start that stand for broken ones, as `placeKey` writes it. */
  readonly broken: ReadonlySet<string>;
  /** By line: the name in a header that is there already; null where it can't be told. */
  readonly again: ReadonlyMap<number, readonly string[] | null>;
}

export function placeKey(line: number, column: number): string {
  return `${line}:${column}`;
}

/** A key that two tables of one name both have. */
export interface Clash {
  readonly key: string;
  readonly span: Span;
  readonly first: Span | null;
}

/** Makes the tree of one text. */
export class TreeMaker {
  readonly clashes: Clash[] = [];
  readonly #marks: Marks;

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  treeOf(top: AST.TOMLTopLevelTable): TableNode {
    const root = newTable(FILE_START);
    for (const item of top.body) {
      if (item.type === "TOMLKeyValue") this.#addPair(root, item);
      else {
        const name = this.#marks.again.get(item.loc.start.line);
        const known =
          name === undefined ? tableOfHeader(root, item) : tableNamed(root, name, spanOf(item.key));
        // What stands below a header that means no table is read for its form alone.
        const table = known ?? newTable(FILE_START);
        for (const pair of item.body) this.#addPair(table, pair);
      }
    }
    return root;
  }

  #addPair(table: TableNode, { key, value }: AST.TOMLKeyValue): void {
    let place: Node = table;
    for (const part of key.keys.slice(0, -1)) {
      const span = spanOf(part);
      place = entryOf(place, nameOf(part), span, () => newTable(span)).node;
      if (place.kind !== "table") return this.#clash(part, table.entries.get(nameOf(part)));
    }
    const last = key.keys.at(-1)!;
    const first = place.entries.get(nameOf(last));
    if (first !== undefined) return this.#clash(last, first);
    place.entries.set(nameOf(last), { keySpan: spanOf(last), node: this.#nodeOf(value) });
  }

  #clash(part: AST.TOMLBare | AST.TOMLQuoted, first: Entry | undefined): void {
    this.clashes.push({ key: nameOf(part), span: spanOf(part), first: first?.keySpan ?? null });
  }

  #nodeOf(value: AST.TOMLContentNode): Node {
    const span = spanOf(value);
    if (this.#marks.broken.has(placeKey(span.line, span.column))) return { kind: "broken", span };
    if (value.type === "TOMLArray") {
      return { kind: "list", items: value.elements.map((item) => this.#nodeOf(item)), span };
    }
    if (value.type === "TOMLInlineTable") {
      const table = newTable(span);
      for (const pair of value.body) this.#addPair(table, pair);
      return table;
    }
    switch (value.kind) {
      case "string":
        return { kind: "text", value: value.value, span };
      case "boolean":
        return { kind: "flag", value: value.value, span };
      case "integer":
      case "float":
        return { kind: value.kind, value: value.value, span };
      default:
        return { kind: "date", value: value.datetime, span };
    }
  }
}

/** The table that `[a.b]` or `[[a.b]]` opens, made with those on the way to it. */
export function tableOfHeader(root: TableNode, header: AST.TOMLTable): TableNode {
  let place: Node = root;
  let keysSeen = 0;
  for (const [index, step] of header.resolvedKey.entries()) {
    if (typeof step === "number") {
      const items: Node[] = (place as ListNode).items;
      place = items[step] ??= newTable(spanOf(header.key));
    } else {
      const span = spanOf(header.key.keys[keysSeen]!);
      keysSeen += 1;
      const ofList = typeof header.resolvedKey[index + 1] === "number";
      const fresh = (): Node => (ofList ? { kind: "list", items: [], span } : newTable(span));
      place = entryOf(place as TableNode, step, span, fresh).node;
    }
  }
  return place as TableNode;
}

/** The table that a header of that name adds to: of a list another, on the way its last. */
function tableNamed(root: TableNode, name: readonly string[] | null, span: Span): TableNode | null {
  let place: Node | undefined = name === null ? undefined : root;
  for (const key of name ?? []) {
    if (place?.kind === "list") place = place.items.at(-1);
    place = place?.kind === "table" ? place.entries.get(key)?.node : undefined;
  }
  if (place?.kind === "list") {
    const fresh = newTable(span);
    place.items.push(fresh);
    return fresh;
  }
  return place?.kind === "table" ? place : null;
}

function entryOf(table: TableNode, key: string, keySpan: Span, fresh: () => Node): Entry {
  const known = table.entries.get(key);
  if (known !== undefined) return known;
  const entry = { keySpan, node: fresh() };
  table.entries.set(key, entry);
  return entry;
}

function newTable(span: Span): TableNode {
  return { kind: "table", entries: new Map(), span };
}

export function nameOf(part: AST.TOMLBare | AST.TOMLQuoted): string {
  return part.type === "TOMLBare" ? part.name : part.value;
}

/** The node's place; of one that goes over several lines, its first line. */
function spanOf({ loc, range }: { loc: AST.SourceLocation; range: AST.Range }): Span {
  const { start, end } = loc;
  const length = start.line === end.line ? range[1] - range[0] : 1;
  return { line: start.line, column: start.column + 1, length: Math.max(1, length) };
}
