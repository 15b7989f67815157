// Text of a part's head. Fields are kept in latin1, a character a byte; what was meant is UTF-8, or
// in old clients windows-1252, which is told from UTF-8 by not being any.
import { HEX } from "../characters.ts";
import type { Parameter } from "./parameters.ts";

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const WINDOWS_1252 = new TextDecoder("windows-1252");
const ASCII = /^[\0-\x7f]*$/u;
const CONTROLS = /[\0-\x1f\x7f-\x9f]/u;
/** RFC 8187 §3.2.1. The language says nothing that is used. */
const EXTENDED = /^(?<charset>utf-8|iso-8859-1)'[\w-]*'(?<escaped>[\w!#$&+\-.^`|~%]*)$/iu;

/** `text`, a character a byte, as it was meant. */
export function decodeText(text: string): string {
  if (ASCII.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  return utf8(bytes) ?? WINDOWS_1252.decode(bytes);
}

/**
 * The value of `filename*` (RFC 8187): `UTF-8''na%C3%AFve.txt`. Null where it is malformed, or has
 * control characters behind its escapes.
 */
export function decodeExtended({ value, quoted }: Parameter): string | null {
  const parts = quoted ? undefined : EXTENDED.exec(value)?.groups;
  if (parts === undefined) return null;
  const bytes = unescape(parts["escaped"]!);
  if (bytes === null) return null;
  const isUtf8 = parts["charset"]!.toLowerCase() === "utf-8";
  const text = isUtf8 ? utf8(bytes) : bytes.toString("latin1");
  return text === null || CONTROLS.test(text) ? null : text;
}

function unescape(escaped: string): Buffer | null {
  const bytes = Buffer.allocUnsafe(escaped.length);
  let length = 0;
  for (let at = 0; at < escaped.length; at += 1) {
    let code = escaped.charCodeAt(at);
    if (escaped[at] === "%") {
      if (at + 2 >= escaped.length) return null;
      const high = HEX[escaped.charCodeAt(at + 1)]!;
      const low = HEX[escaped.charCodeAt(at + 2)]!;
      if (high < 0 || low < 0) return null;
      code = 16 * high + low;
      at += 2;
    }
    bytes[length] = code;
    length += 1;
  }
  return bytes.subarray(0, length);
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return UTF_8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
