// Text of a client's choice in a line of ours. Field values are latin1, a character a byte, and
// come out as bytes: `\xc3\xa9`. What others put in (a user's name) may hold more: its UTF-8 bytes
// are written.

const SAFE_QUOTED = /^[ !#-[\]-~]+$/;
const SAFE_TOKEN = /^[!#-[\]-~]+$/;

/** For double quotes: `"` is `\"`, `\` is `\\`, unprintable bytes are `\xHH`; `-` is none. */
export function quoted(text: string | null | undefined): string {
  if (text === null || text === undefined || text === "") return "-";
  return SAFE_QUOTED.test(text) ? text : escaped(text);
}

/** The same, for a value without quotes around it: a blank would end it. */
export function token(text: string | null | undefined): string {
  if (text === null || text === undefined || text === "") return "-";
  return SAFE_TOKEN.test(text) ? text : escaped(text).replaceAll(" ", "\\x20");
}

/** JSON in ASCII: DEL and all that is beyond it as `\uHHHH`. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function escaped(text: string): string {
  let line = "";
  for (const byte of Buffer.from(text, isLatin1(text) ? "latin1" : "utf8")) {
    if (byte === 0x22 || byte === 0x5c) line += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) line += String.fromCharCode(byte);
    else line += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return line;
}

function isLatin1(text: string): boolean {
  return !/[^\0-\xff]/.test(text);
}
