// From TOML's text to the tree that is checked. The grammar is `toml-eslint-parser`'s, the one TOML
// parser with positions; nothing outside this file, tree.ts and what mends a text knows it. It
// stops at the first error, so the text is mended there and read again: every mistake is told at
// once, and what the rest says is checked too.
import { parseTOML, ParseError } from "toml-eslint-parser";
import { MendedText } from "./mended-text.ts";
import type { Node, TableNode } from "./node.ts";
import { FILE_START, Wrong, type Problem, type Source, type Span } from "./problem.ts";
import { syntaxFault, type SyntaxFault } from "./syntax.ts";
import { tableOfHeader, TreeMaker, type Marks } from "./tree.ts";

// Each mistake costs a reading of the text: a small file gets all of them, a huge one some.
const READINGS_MAX = 1000;
const BYTES_READ_MAX = 5e6;
// People write some kilobytes.
const LENGTH_MAX = 1024 ** 2;

export interface Document {
  /** Null where the text is too broken to tell what else is wrong with it. */
  readonly root: TableNode | null;
  /** Every key that the file has is in the tree. */
  readonly whole: boolean;
  readonly problems: Problem[];
}

export function readDocument(source: Source): Document {
  const text = new MendedText(source.lines);
  const { length } = text.textBefore();
  const problems: Problem[] = [];
  const unread = (...more: Problem[]): Document => {
    return { root: null, whole: false, problems: [...problems, ...more] };
  };
  if (length > LENGTH_MAX) return unread(source.problem(FILE_START, new Wrong(TOO_LARGE)));
  let faultLine = 0;
  for (let readings = readingsOf(length); readings > 0; readings -= 1) {
    const read = parse(text.textBefore(), text);
    if (read instanceof Wrong) return unread(source.problem(FILE_START, read));
    if (!(read instanceof ParseError)) {
      for (const { key, span, first } of read.clashes) {
        problems.push(source.problem(span, twice(key, first)));
      }
      return { root: read.root, whole: text.whole, problems };
    }
    const fault = syntaxFault(read, text.lines);
    const isNew = !text.isRest(fault.span.line) && !text.isKnown(fault.span);
    const words = wordsOf(fault, text);
    faultLine = fault.span.line;
    const isMended = text.mend(fault.span, fault.duplicate);
    if (isNew) problems.push(source.problem(fault.span, withScope(words, text, fault.span)));
    if (!isMended) break;
  }
  if (source.lines.slice(faultLine).every((line) => line.trim() === "")) return unread();
  const below = { line: faultLine + 1, column: 1, length: 1 };
  return unread(source.problem(below, new Wrong("from here on, the file could not be read")));
}

function readingsOf(length: number): number {
  return Math.min(READINGS_MAX, Math.max(5, Math.floor(BYTES_READ_MAX / Math.max(1, length))));
}

function wordsOf(fault: SyntaxFault, text: MendedText): Wrong {
  return fault.duplicate ? duplicateKey(text.lines, fault.span) : fault.wrong;
}

/** What stands below a header that means no table is not checked, and that is said. */
function withScope(wrong: Wrong, { again }: MendedText, { line }: Span): Wrong {
  if (again.get(line) !== null) return wrong;
  return new Wrong(wrong.message, "until then, what stands below it is not checked");
}

interface Tree {
  readonly root: TableNode;
  readonly clashes: TreeMaker["clashes"];
}

const NO_MARKS: Marks = { broken: new Set(), again: new Map() };

function parse(text: string, marks: Marks): Tree | ParseError | Wrong {
  const maker = new TreeMaker(marks);
  try {
    return { root: maker.treeOf(parseTOML(text).body[0]), clashes: maker.clashes };
  } catch (error) {
    if (error instanceof ParseError) return error;
    // The parser, and the tree's making, recurse into lists in lists: a stack is what bounds them.
    // It spreads a text's characters over a call's arguments, too.
    if (error instanceof RangeError) return new Wrong(isDeep(text) ? TOO_DEEP : TOO_LONG);
    throw error;
  }
}

const TOO_LARGE = "the file is larger than 1 MiB: that is no config";
const TOO_DEEP = "lists or tables are nested too deep";
const TOO_LONG = "a text in this file is too long to be read";
const DEPTH_OF_PEOPLE_MAX = 100;

/** Whether more brackets are open at once, wherever they stand, than people write. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const { 0: bracket } of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === "[" || bracket === "{" ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEPTH_OF_PEOPLE_MAX) return true;
  }
  return false;
}

function twice(key: string, first: Span | null): Wrong {
  const where = first === null ? "" : `: first in line ${first.line}`;
  return new Wrong(`\`${key}\` is given twice${where}`);
}

/** Where the key stands for the first time: known where the lines before are whole. */
function duplicateKey(lines: readonly string[], span: Span): Wrong {
  const line = lines[span.line - 1]!;
  const key = line.slice(span.column - 1, span.column - 1 + span.length);
  const before = lines.slice(0, span.line - 1).join("\n");
  const [there, single] = [parse(before, NO_MARKS), parse(line, NO_MARKS)];
  if (there instanceof ParseError || there instanceof Wrong) return twice(key, null);
  if (single instanceof ParseError || single instanceof Wrong) return twice(key, null);
  return twice(key, firstSpan(single.root, tableAtEnd(before, there.root, line)));
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
  const [inner, known] = [lastTableOf(entry!.node), lastTableOf(first.node)];
  if (inner !== null && known !== null) return firstSpan(inner, known) ?? first.keySpan;
  return first.keySpan;
}

function lastTableOf(node: Node | undefined): TableNode | null {
  if (node?.kind === "list") return lastTableOf(node.items.at(-1));
  return node?.kind === "table" ? node : null;
}
