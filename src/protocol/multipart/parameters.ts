// What stands behind the `;` of a Content-Type or Content-Disposition (RFC 9110 §5.6.6):
//
//   *( blanks ";" blanks [ name "=" ( value | quoted string ) ] ) blanks
//
// Two leniences, both of what clients send and readers agree on: a value without quotes may have
// characters that no token has (JavaMail's boundaries, `name=a[b]`), and a backslash in quotes
// stands for itself unless a quote or a backslash follows, since old browsers send `C:\me\a.txt`.
import { BACKSLASH, EQUALS, isBlank, QUOTE, SEMICOLON, SP, TOKEN, VALUE } from "../characters.ts";

/** A name in lower case, and its value in latin1: unquoted, otherwise as it came. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly quoted: boolean;
}

/** The parameters in `text` from `start`, where a `;` or the end is to be; null: malformed. */
export function readParameters(text: string, start: number): Parameter[] | null {
  const found: Parameter[] = [];
  let at = skipBlanks(text, start);
  while (at < text.length) {
    if (text.charCodeAt(at) !== SEMICOLON) return null;
    at = skipBlanks(text, at + 1);
    if (at === text.length || text.charCodeAt(at) === SEMICOLON) continue;
    const nameEnd = tokenEnd(text, at);
    if (nameEnd === at || text.charCodeAt(nameEnd) !== EQUALS) return null;
    const value = valueAt(text, nameEnd + 1);
    if (value === null) return null;
    const { quoted, text: unquoted, end } = value;
    found.push({ name: text.slice(at, nameEnd).toLowerCase(), value: unquoted, quoted });
    at = skipBlanks(text, end);
  }
  return found;
}

/** Where the token that begins at `start` ends; `start` where none does. */
export function tokenEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && TOKEN[text.charCodeAt(end)]) end += 1;
  return end;
}

interface Value {
  readonly text: string;
  readonly end: number;
  readonly quoted: boolean;
}

function valueAt(text: string, start: number): Value | null {
  if (text.charCodeAt(start) === QUOTE) return quotedAt(text, start + 1);
  let end = start;
  while (end < text.length && isPlain(text.charCodeAt(end))) end += 1;
  return end === start ? null : { text: text.slice(start, end), end, quoted: false };
}

function quotedAt(text: string, start: number): Value | null {
  let value = "";
  let from = start; // what is not yet in `value`
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return { text: value + text.slice(from, at), end: at + 1, quoted: true };
    if (!VALUE[code]) return null;
    if (code !== BACKSLASH) continue;
    const next = text.charCodeAt(at + 1);
    if (next !== QUOTE && next !== BACKSLASH) continue;
    value += text.slice(from, at);
    at += 1;
    from = at;
  }
  return null;
}

function isPlain(code: number): boolean {
  return code > SP && code !== 0x7f && code !== SEMICOLON && code !== QUOTE && code !== BACKSLASH;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}
