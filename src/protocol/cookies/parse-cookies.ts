// The Cookie field (RFC 6265bis §4.2): `name=value; name=value`. Whoever sends it may write what it
// likes, so all of it is read, and nothing throws:
//
//   a=1; b="2"; c; =d; ; e=f=g   a: 1   b: 2   "": c   "": d   e: f=g
//
// A pair without `=` is a value without a name: so browsers send such a cookie (§5.8.3).
import { HTAB, QUOTE, SP, trimBlanks } from "../characters.ts";

const DEL = 0x7f;

/** The cookies of one request, in order: browsers put those of the longest path first. */
export class ReceivedCookies {
  readonly #pairs: readonly (readonly [name: string, value: string])[];

  constructor(pairs: readonly (readonly [name: string, value: string])[]) {
    this.#pairs = pairs;
  }

  /** How many there are, those of one name each counted. */
  get size(): number {
    return this.#pairs.length;
  }

  /** The first value of `name`, as it came; null: there is none. */
  get(name: string): string | null {
    return this.#pairs.find(([one]) => one === name)?.[1] ?? null;
  }

  /** All values of `name`, in order. */
  getAll(name: string): string[] {
    return this.#pairs.filter(([one]) => one === name).map(([, value]) => value);
  }

  /** All of them, in order. */
  entries(): IterableIterator<readonly [name: string, value: string]> {
    return this.#pairs.values();
  }
}

/**
 * Reads the value of a Cookie field, or of several, as HTTP/2 has them (RFC 9113 §8.2.3). Values
 * are not decoded; a character is a byte, where the field's are.
 */
export function parseCookies(values: string | readonly string[]): ReceivedCookies {
  const pairs: [string, string][] = [];
  if (typeof values === "string") readPairs(values, pairs);
  else for (const value of values) readPairs(value, pairs);
  return new ReceivedCookies(pairs);
}

function readPairs(text: string, pairs: [string, string][]): void {
  for (let start = 0; start < text.length;) {
    const semicolon = text.indexOf(";", start);
    const end = semicolon < 0 ? text.length : semicolon;
    // Cut out before it is searched: a search to the text's end for each would be quadratic.
    const pair = text.slice(start, end);
    start = end + 1;
    if (hasControl(pair)) continue;
    const equals = pair.indexOf("=");
    const name = equals < 0 ? "" : trimBlanks(pair.slice(0, equals));
    const value = unquoted(trimBlanks(pair.slice(equals + 1)));
    if (name !== "" || value !== "") pairs.push([name, value]);
  }
}

/** What no cookie has (§5.6 step 1). */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < SP && code !== HTAB) || code === DEL) return true;
  }
  return false;
}

/** A value may stand in quotes (§4.1.1), which are none of it. */
function unquoted(value: string): string {
  const last = value.length - 1;
  const isQuoted = last > 0 && value.charCodeAt(0) === QUOTE && value.charCodeAt(last) === QUOTE;
  return isQuoted ? value.slice(1, last) : value;
}
