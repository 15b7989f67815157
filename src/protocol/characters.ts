// Which characters may stand where (RFC 9110 §5.5, §5.6.2, RFC 9112 §3.2), as tables over a byte:
// one look says it, and a text in latin1 can be looked at in the same way.

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const BACKSLASH = 0x5c;

export type ByteTable = Uint8Array;

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Methods, field names, codings, names and values of chunk extensions. */
export const TOKEN = tableOf((code) => among(code, `${ALPHANUMERIC}!#$%&'*+-.^_\`|~`));

/** Field values and reason phrases: all but control characters, the tab excepted. */
export const VALUE = tableOf((code) => code === HTAB || (code >= SP && code !== 0x7f));

/** Request targets: visible ASCII without `#`, which starts what a client keeps to itself. */
export const TARGET = tableOf((code) => code > SP && code < 0x7f && code !== 0x23);

export const DIGIT = tableOf((code) => among(code, "0123456789"));

/** Host names. RFC 3986 §3.2.2 has more, which no name that resolves has: they only confuse. */
export const HOST_NAME = tableOf((code) => among(code, `${ALPHANUMERIC}-._~`));

/** A byte's value as a hexadecimal digit, or -1. */
export const HEX = Int8Array.from({ length: 256 }, (_, code) => hexValue(code));

/** Each byte, capital ASCII letters made small. */
export const LOWER = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 0x41 && code <= 0x5a ? code + 0x20 : code,
);

/** Whether all of `text` is in `table`; so "" always is. */
export function consistsOf(text: string, table: ByteTable): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (!table[text.charCodeAt(at)]) return false;
  }
  return true;
}

export function isToken(text: string): boolean {
  return text !== "" && consistsOf(text, TOKEN);
}

/**
 * `text` without blanks (space, tab) at its ends. `trim` takes U+00A0 too, which is no blank here.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

export function isBlank(code: number): boolean {
  return code === SP || code === HTAB;
}

function tableOf(holds: (code: number) => boolean): ByteTable {
  return Uint8Array.from({ length: 256 }, (_, code) => (holds(code) ? 1 : 0));
}

function among(code: number, characters: string): boolean {
  return characters.includes(String.fromCharCode(code));
}

function hexValue(code: number): number {
  return among(code, "0123456789ABCDEFabcdef")
    ? Number.parseInt(String.fromCharCode(code), 16)
    : -1;
}
