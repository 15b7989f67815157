// A broken text, mended as far as it takes to read on, so that all mistakes are told at once. A
// broken value gets another in its place, and a mark; a header that lacks a bracket gets it; lines
// below a header that is there already are that table's. What is none of these is left out, and the
// text is then not whole. Lines and columns stay what they are.
import { parseTOML, ParseError } from "toml-eslint-parser";
import type { Span } from "./problem.ts";
import { DUPLICATE, WORD } from "./syntax.ts";
import { nameOf, placeKey, type Marks } from "./tree.ts";

const PAIR = /^\s*[\w."'-]+\s*=/;
const HEADER = /^\s*(?<open>\[{1,2})\s*(?<name>[\w."'-][\w."' -]*)(?<close>\]{0,2})/;
const HEADER_START = /^\s*\[/;
const WHOLE_HEADER = /^\s*(\[[\w."' -]+\]|\[\[[\w."' -]+\]\])\s*(#.*)?$/;

// A header that no file has: its lines are given to their table by its mark.
const STAND_IN = '[["\\u0001"]]';

export class MendedText implements Marks {
  readonly lines: string[];
  readonly broken = new Set<string>();
  readonly again = new Map<number, readonly string[] | null>();
  /** No key is missing: what could not be read is marked. */
  whole = true;
  /** The line mended last, counted from 1, and whether its value may go on below it. */
  #last = 0;
  #hasRest = false;
  /** Lines whose whole value, or whose whole header, was mended. */
  readonly #once = new Set<number>();

  constructor(lines: readonly string[]) {
    this.lines = [...lines];
  }

  /** The text up to `line`, or the whole. */
  textBefore(line = Infinity): string {
    return this.lines.slice(0, line - 1).join("\n");
  }

  /** Whether `line` is the rest of a value whose beginning was mended: no mistake of its own. */
  isRest(line: number): boolean {
    const text = this.lines[line - 1]!;
    // Where a word alone was mended, its value ended there.
    const continues = line === this.#last + 1 && this.#hasRest;
    return continues && !PAIR.test(text) && !WHOLE_HEADER.test(text);
  }

  /** Whether the fault at `span` is one that mending its line left: told before. */
  isKnown({ line, column }: Span): boolean {
    return this.#once.has(line) || (line === this.#last && this.broken.has(placeKey(line, column)));
  }

  /** Takes the fault out of the text; false where that would be guessing. */
  mend({ line, column, length }: Span, duplicate: boolean): boolean {
    const start = this.#startOf(line);
    if (start < line) return this.#mendLong(start, line);
    const text = this.lines[line - 1]!;
    this.#last = line;
    this.#hasRest = true;
    if (HEADER_START.test(text)) this.#mendHeader(line, duplicate);
    else if (PAIR.test(text)) this.#mendPair(line, column, length, duplicate);
    else this.#leaveOut(line);
    return true;
  }

  /** The line where the key or header begins that goes up to `line`. */
  #startOf(line: number): number {
    let tries = 0;
    for (let start = line; start > 0 && tries < STARTS_TRIED_MAX; start -= 1) {
      if (start < line && !PAIR.test(this.lines[start - 1]!)) continue;
      if (isClosed(this.textBefore(start))) return start;
      tries += 1;
    }
    return line;
  }

  /** A value that began in a line before, and has no end up to `line`. */
  #mendLong(start: number, line: number): boolean {
    if (this.#once.has(start)) return false;
    this.#standIn(start);
    const end = WHOLE_HEADER.test(this.lines[line - 1]!) ? line - 1 : line;
    for (let inner = start + 1; inner <= end; inner += 1) {
      if (PAIR.test(this.lines[inner - 1]!)) this.whole = false; // a key that is missed now
      this.lines[inner - 1] = "";
    }
    this.#last = end;
    this.#hasRest = true;
    return true;
  }

  #mendHeader(line: number, duplicate: boolean): void {
    const text = this.lines[line - 1]!;
    const { open = "", name = "", close = "" } = HEADER.exec(text)?.groups ?? {};
    if (name !== "" && !duplicate && !this.#once.has(line)) {
      const brackets = Math.max(open.length, close.length);
      const header = `${"[".repeat(brackets)}${name}${"]".repeat(brackets)}`;
      if (header === text.trim() || !parses(header)) return this.#setAside(line, null);
      this.lines[line - 1] = header;
    } else this.#setAside(line, duplicate ? nameInHeader(text) : null);
  }

  #setAside(line: number, name: readonly string[] | null): void {
    this.again.set(line, name);
    this.lines[line - 1] = STAND_IN;
    this.#once.add(line);
    if (name === null) this.whole = false;
  }

  #mendPair(line: number, column: number, length: number, duplicate: boolean): void {
    const text = this.lines[line - 1]!;
    const inValue = column > PAIR.exec(text)![0].length;
    if (duplicate && !inValue) this.lines[line - 1] = "";
    else if (this.#once.has(line)) this.#leaveOut(line);
    else if (!duplicate && inValue && this.#standInForWord(line, column, length)) {
      this.#hasRest = false;
    } else this.#standIn(line);
  }

  /** `list = treu`, `{ list = treu, root = "a" }`: one word alone is broken. */
  #standInForWord(line: number, column: number, length: number): boolean {
    const text = this.lines[line - 1]!;
    for (const { index, 0: word } of text.matchAll(WORD)) {
      const end = Math.max(index + word.length, column - 1 + length);
      if (index > column - 1 || index + word.length < column) continue;
      const isValue = /[=,[]\s*$/.test(text.slice(0, index));
      if (!isValue || this.broken.has(placeKey(line, index + 1))) return false;
      this.lines[line - 1] = `${text.slice(0, index)}${"0".padEnd(end - index)}${text.slice(end)}`;
      this.broken.add(placeKey(line, index + 1));
      return true;
    }
    return false;
  }

  #standIn(line: number): void {
    const pair = PAIR.exec(this.lines[line - 1]!)![0];
    this.lines[line - 1] = `${pair} 0`;
    this.broken.add(placeKey(line, pair.length + 2));
    this.#once.add(line);
  }

  #leaveOut(line: number): void {
    this.lines[line - 1] = "";
    this.whole = false;
  }
}

/** Each try reads what is before: what looks like a pair within a value is rare. */
const STARTS_TRIED_MAX = 5;

function parses(text: string): boolean {
  return faultOf(text) === null;
}

/** Whether a line behind `text` begins afresh, whatever is given twice in it. */
function isClosed(text: string): boolean {
  const fault = faultOf(text);
  return fault === null || fault === DUPLICATE;
}

function faultOf(text: string): string | null {
  try {
    parseTOML(text);
    return null;
  } catch (error) {
    // A RangeError is of nesting, which is told of the whole text.
    if (error instanceof ParseError || error instanceof RangeError) return error.message;
    throw error;
  }
}

function nameInHeader(text: string): string[] | null {
  if (!parses(text)) return null;
  const [header] = parseTOML(text).body[0].body;
  return header?.type === "TOMLTable" ? header.key.keys.map(nameOf) : null;
}
