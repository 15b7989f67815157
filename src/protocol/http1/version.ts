// Fixed forms of the first line, matched byte by byte: a `d` stands for any digit.
import { DIGIT } from "../characters.ts";

const ANY_DIGIT = 0x64;

/** Whether `byte` is what stands at `index` of `form`. */
export function fits(form: string, index: number, byte: number): boolean {
  const wanted = form.charCodeAt(index);
  return wanted === ANY_DIGIT ? DIGIT[byte] === 1 : wanted === byte;
}

/** The minor version of the `HTTP/d.d` at `at`; null where it is neither 1.0 nor 1.1. */
export function minorVersion(bytes: Uint8Array, at: number): 0 | 1 | null {
  const minor = bytes[at + 7]! - 0x30;
  return bytes[at + 5] === 0x31 && (minor === 0 || minor === 1) ? minor : null;
}
