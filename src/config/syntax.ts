// Broken TOML in our words, placed where the repair goes. The parser says where it noticed, which
// for `workers =` is the next line, and "must be a newline" of `header = 10s`.
import type { ParseError } from "toml-eslint-parser";
import { nearest } from "./nearest.ts";
import { Wrong, type Span } from "./problem.ts";

export interface SyntaxFault {
  readonly span: Span;
  readonly wrong: Wrong;
  readonly duplicate: boolean;
}

// The parser's messages are its only codes.
const WORDS: Readonly<Record<string, string>> = {
  "Unterminated string constant": "this text has no closing quote",
  "Unterminated table-key": "this table's name has no closing bracket",
  "Unterminated array": "a list has no closing `]`",
  "Unterminated inline table": "an inline table has no closing `}`",
  "Empty bare keys are not allowed": "a key is missing here",
  "Must be a newline": "the line should end before this",
  "Expected equal (=) token": "a key needs `=` and a value",
  "Unspecified values are invalid": "a value is missing after `=`",
  "Expected comma (,) token": "a comma or a closing bracket is missing before this",
  "Unexpected character": "this does not belong here",
  "Unexpected token": "this does not belong here",
  "Control characters (codes < 0x1f and 0x7f) are not allowed":
    "a control character has to be written as an escape, such as \\t or \\u0007",
  "The key, equals sign, and value must be on the same line":
    "a key, its `=` and its value have to be on one line",
  "Underscores are allowed between digits": "`_` may stand between digits only",
  "Unexpected spaces": "there may be no space between these brackets",
  "Three or more quotes are not permitted": "there are too many quotes here",
  "Unexpected invalid date": "there is no such date",
  "Unexpected invalid time": "there is no such time",
  "Leading zeros are not allowed": "a number may not begin with 0",
  "Invalid character in escape sequence":
    "there is no such escape; write `\\\\` for a backslash, or the text in single quotes",
  "Consecutive dots are not permitted in keys": "a key may not have two dots in a row",
  "Keys cannot end with a dot": "a key may not end with a dot",
  "Keys cannot start with a dot": "a key may not start with a dot",
};

// Noticed at the start of a line, these are about the line before.
const OF_THE_LINE_BEFORE = new Set([
  "Unterminated table-key",
  "Unterminated array",
  "Unterminated inline table",
  "Unterminated string constant",
  "Expected equal (=) token",
  "Unspecified values are invalid",
  "The key, equals sign, and value must be on the same line",
]);

/** What the parser says of a key or a table that is there already. */
export const DUPLICATE = "Defining a key multiple times is invalid";

/** A word as it stands without quotes. */
export const WORD = /[^\s"'[\]{}#,=]+/g;

const KEY_WITHOUT_VALUE = /^([^#=]*=)\s*(#.*)?$/;
const BARE_VALUE =
  /^(?<before>\s*(?<key>[\w.-]+)\s*=\s*)(?<value>[^\s"'[{#]([^#]*[^\s#])?)\s*(#[^]*)?$/;
const BARE_FAULTS = new Set(["Unexpected character", "Unexpected token", "Must be a newline"]);
const NUMBER_FAULTS = new Set([
  "Underscores are allowed between digits",
  "Unexpected invalid date",
  "Unexpected invalid time",
  "Leading zeros are not allowed",
]);

/** What the parser's error means, and where. */
export function syntaxFault(error: ParseError, lines: readonly string[]): SyntaxFault {
  const { message } = error;
  const line = lines[error.lineNumber - 1] ?? "";
  const duplicate = message === DUPLICATE;
  const wrong = new Wrong(WORDS[message] ?? message);
  const here = { span: spanAt(error.lineNumber, error.column, line), wrong, duplicate };
  if (duplicate) return here;
  return (
    faultOfLineBefore(error, lines, wrong) ??
    faultOfBareValue(error, line, wrong) ??
    faultOfInnerWord(error, line) ??
    atQuote(here, line)
  );
}

/** An error at the start of a line, or of the file's end, that is about the last line before. */
function faultOfLineBefore(
  { message, lineNumber, column }: ParseError,
  lines: readonly string[],
  wrong: Wrong,
): SyntaxFault | null {
  const ownCode = (lines[lineNumber - 1] ?? "").slice(0, column);
  const own = KEY_WITHOUT_VALUE.exec(ownCode.trimEnd());
  if (ownCode.trim() !== "" && own === null) return null;
  let above = own === null ? lineNumber - 1 : lineNumber;
  while (above > 1 && /^\s*(#.*)?$/.test(lines[above - 1]!)) above -= 1;
  if (above < 1) return null;
  const line = lines[above - 1]!;
  const open = KEY_WITHOUT_VALUE.exec(line);
  if (open !== null) {
    const missing = new Wrong("a value is missing after `=`");
    return { span: spanAt(above, open[1]!.length - 1, line), wrong: missing, duplicate: false };
  }
  if (!OF_THE_LINE_BEFORE.has(message) || own !== null) return null;
  const span = spanAt(above, line.trimEnd().length, line);
  return { span, wrong: wrongAtEnd(message, line) ?? wrong, duplicate: false };
}

/** What the parser calls by another name when it comes to the end of `line`. */
function wrongAtEnd(message: string, line: string): Wrong | null {
  // A value is awaited, but of no key: it is a list's.
  if (message === "Unspecified values are invalid") return new Wrong(WORDS["Unterminated array"]!);
  const isHeader = message.startsWith("The key, equals sign") && /^\s*\[/.test(line);
  return isHeader ? new Wrong(WORDS["Unterminated table-key"]!) : null;
}

/** `header = 10s`, `path = /a`, `list = yes`: text without quotes. Or a number that is none. */
function faultOfBareValue(
  { message, lineNumber, column }: ParseError,
  line: string,
  wrong: Wrong,
): SyntaxFault | null {
  const { before, key, value } = BARE_VALUE.exec(line)?.groups ?? {};
  if (before === undefined || value === undefined || column < before.length) return null;
  const span = { line: lineNumber, column: before.length + 1, length: value.length };
  if (NUMBER_FAULTS.has(message)) return { span, wrong, duplicate: false };
  if (!BARE_FAULTS.has(message)) return null;
  return { span, wrong: bareWord(value, `${key} = `), duplicate: false };
}

/** The same within a list or an inline table: `{ list = yes }`. */
function faultOfInnerWord(
  { message, lineNumber, column }: ParseError,
  line: string,
): SyntaxFault | null {
  if (!BARE_FAULTS.has(message) && message !== "Expected comma (,) token") return null;
  for (const { index, 0: word } of line.matchAll(WORD)) {
    if (column < index || column >= index + word.length) continue;
    const before = /(?:^|[=,[{(]|\s)(?<key>[\w.-]+\s*=\s*)?$/.exec(line.slice(0, index));
    const key = before?.groups?.["key"] ?? "";
    const isValue = key !== "" || /[,[]\s*$/.test(line.slice(0, index));
    if (!isValue || /^[\d_]+$/.test(word)) return null;
    const span = { line: lineNumber, column: index + 1, length: word.length };
    return { span, wrong: bareWord(word, key), duplicate: false };
  }
  return null;
}

function bareWord(value: string, key: string): Wrong {
  const flag = FLAG_WORDS.get(value.toLowerCase()) ?? nearest(value, ["true", "false"]);
  return new Wrong(
    `\`${value}\` is no value: text goes in quotes, and flags are true or false`,
    `write ${key}${flag ?? JSON.stringify(value)}`,
  );
}

const FLAG_WORDS: ReadonlyMap<string, string> = new Map([
  ["yes", "true"],
  ["on", "true"],
  ["true", "true"],
  ["no", "false"],
  ["off", "false"],
  ["false", "false"],
]);

/** Text that is not closed is shown from its opening quote. */
function atQuote(fault: SyntaxFault, line: string): SyntaxFault {
  if (fault.wrong.message !== WORDS["Unterminated string constant"]) return fault;
  const opening = Math.max(line.lastIndexOf('"'), line.lastIndexOf("'"));
  if (opening < 0) return fault;
  const span = { ...fault.span, column: opening + 1, length: line.length - opening };
  return { ...fault, span };
}

function spanAt(line: number, column: number, text: string): Span {
  const word = /^("[^"]*"|'[^']*'|[\w.-]+)/.exec(text.slice(column))?.[0] ?? "";
  return { line, column: column + 1, length: Math.max(1, word.length) };
}
