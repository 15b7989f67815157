// From TOML's text to the tree that is checked. The grammar is `toml-eslint-parser`'s, the one TOML
// parser with positions; nothing outside this file and syntax.ts knows it. It stops at the first
// error, so a broken `key = value` line is blanked and the rest read again: every broken line is
// told at once, and what the whole lines say is checked too.
import { parseTOML, ParseError, type AST } from "toml-eslint-parser";
import { FILE_START, Wrong, type Problem, type Source, type Span } from "./problem.ts";
import type { Entry, ListNode, Node, TableNode } from "./node.ts";
import { syntaxFault } from "./syntax.ts";

const SYNTAX_PROBLEMS_MAX = 20;

export interface Document {
  /** Null where the text is too broken to tell what else is wrong with it. */
  readonly root: TableNode | null;
  readonly problems: Problem[];
}

export function readDocument(source: Source): Document {
  const problems: Problem[] = [];
  const lines = [...source.lines];
  let blanked = 0; // the line that was blanked last, counted from 1
  while (problems.length < SYNTAX_PROBLEMS_MAX) {
    const read = parse(lines.join("\n"));
    if (!(read instanceof ParseError)) {
      if (read instanceof Wrong) problems.push(source.problem(FILE_START, read));
      return { root: read instanceof Wrong ? null : read, problems };
    }
    const fault = syntaxFault(read, lines);
    const { line } = fault.span;
    const isPair = /^\s*[\w."'-]+\s*=/.test(lines[line - 1]!);
    // Behind a blanked line stands the rest of its value: what is said of it would mislead.
    if (!isPair && blanked > 0 && line === blanked + 1) break;
    const wrong = fault.duplicate ? duplicateKey(lines, fault.span) : fault.wrong;
    problems.push(source.problem(fault.span, wrong));
    if (!isPair) break;
    lines[line - 1] = "";
    blanked = line;
  }
  return { root: null, problems };
}

function parse(text: string): TableNode | ParseError | Wrong {
  try {
    return treeOf(parseTOML(text).body[0]);
  } catch (error) {
    if (error instanceof ParseError) return error;
    // The parser, and the tree's making, recurse into lists in lists: a stack is what bounds them.
    if (error instanceof RangeError) return new Wrong("lists or tables are nested too deep");
    throw error;
  }
}

/** Where the key stands for the first time: known where the lines before are whole. */
function duplicateKey(lines: readonly string[], span: Span): Wrong {
  const line = lines[span.line - 1]!;
  const key = line.slice(span.column - 1, span.column - 1 + span.length);
  const wrong = `\`${key}\` is given twice`;
  const before = lines.slice(0, span.line - 1).join("\n");
  const [tree, single] = [parse(before), parse(line)];
  if (tree instanceof ParseError || tree instanceof Wrong) return new Wrong(wrong);
  if (single instanceof ParseError || single instanceof Wrong) return new Wrong(wrong);
  const first = firstSpan(single, tableAtEnd(before, tree, line));
  return new Wrong(first === null ? wrong : `${wrong}: first in line ${first.line}`);
}

/** The table that a line behind `before` adds to: the last header's, for a header the whole. */
function tableAtEnd(before: string, tree: TableNode, line: string): TableNode {
  if (/^\s*\[/.test(line)) return tree;
  const header = parseTOML(before).body[0].body.findLast((node) => node.type === "TOMLTable");
  return header === undefined ? tree : tableOfHeader(tree, header);
}

/** Where `there` has the innermost key that `single`, of one line, has. */
function firstSpan(single: TableNode, there: TableNode): Span | null {
  const [key, entry] = single.entries.entries().next().value ?? [];
  const first = key === undefined ? undefined : there.entries.get(key);
  if (first === undefined) return null;
  const inner = entry!.node;
  if (first.node.kind === "table" && inner.kind === "table") {
    return firstSpan(inner, first.node) ?? first.keySpan;
  }
  return first.keySpan;
}

function treeOf(top: AST.TOMLTopLevelTable): TableNode {
  const root = newTable(FILE_START);
  for (const item of top.body) {
    if (item.type === "TOMLKeyValue") addPair(root, item);
    else {
      const table = tableOfHeader(root, item);
      for (const pair of item.body) addPair(table, pair);
    }
  }
  return root;
}

/** The table that `[a.b]` or `[[a.b]]` opens, made with those on the way to it. */
function tableOfHeader(root: TableNode, header: AST.TOMLTable): TableNode {
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

function addPair(table: TableNode, { key, value }: AST.TOMLKeyValue): void {
  let place = table;
  for (const part of key.keys.slice(0, -1)) {
    const span = spanOf(part);
    place = entryOf(place, nameOf(part), span, () => newTable(span)).node as TableNode;
  }
  const last = key.keys.at(-1)!;
  place.entries.set(nameOf(last), { keySpan: spanOf(last), node: nodeOfValue(value) });
}

function entryOf(table: TableNode, key: string, keySpan: Span, fresh: () => Node): Entry {
  const known = table.entries.get(key);
  if (known !== undefined) return known;
  const entry = { keySpan, node: fresh() };
  table.entries.set(key, entry);
  return entry;
}

function nodeOfValue(value: AST.TOMLContentNode): Node {
  const span = spanOf(value);
  if (value.type === "TOMLArray") {
    return { kind: "list", items: value.elements.map(nodeOfValue), span };
  }
  if (value.type === "TOMLInlineTable") {
    const table = newTable(span);
    for (const pair of value.body) addPair(table, pair);
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

function newTable(span: Span): TableNode {
  return { kind: "table", entries: new Map(), span };
}

function nameOf(part: AST.TOMLBare | AST.TOMLQuoted): string {
  return part.type === "TOMLBare" ? part.name : part.value;
}

/** The node's place; of one that goes over several lines, its first line. */
function spanOf({ loc, range }: { loc: AST.SourceLocation; range: AST.Range }): Span {
  const { start, end } = loc;
  const length = start.line === end.line ? range[1] - range[0] : 1;
  return { line: start.line, column: start.column + 1, length: Math.max(1, length) };
}
