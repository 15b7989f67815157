// What may stand behind a chunk's size: `;name`, `;name=token` or `;name="quoted"`, any number of
// them (RFC 9112 §7.1.1). Nobody uses them; they are read only to find the line's end where
// everybody else finds it, so a bare LF in one, or in its quotes, ends nothing and is refused.
// Blanks may stand around `;` and `=` (§7.1.1, BWS), not before the line's end.
import { BACKSLASH, CR, EQUALS, isBlank, QUOTE, SEMICOLON, TOKEN, VALUE } from "../characters.ts";

export type ExtensionStep =
  | "semicolon"
  | "nameStart"
  | "name"
  | "equals"
  | "valueStart"
  | "value"
  | "quoted"
  | "escaped"
  | "unquoted";

/** The step behind `byte`; "sizeLf" where the line ends; null where the byte is out of place. */
export function afterExtension(step: ExtensionStep, byte: number): ExtensionStep | "sizeLf" | null {
  switch (step) {
    case "semicolon":
      return isBlank(byte) ? step : afterBlanks(byte);
    case "nameStart":
      return isBlank(byte) ? step : TOKEN[byte] ? "name" : null;
    case "name":
      if (TOKEN[byte]) return "name";
      return isBlank(byte) || byte === EQUALS ? afterEquals(byte) : afterSize(byte);
    case "equals":
      return isBlank(byte) || byte === EQUALS ? afterEquals(byte) : afterBlanks(byte);
    case "valueStart":
      if (byte === QUOTE) return "quoted";
      return isBlank(byte) ? step : TOKEN[byte] ? "value" : null;
    case "value":
      return TOKEN[byte] ? "value" : afterSize(byte);
    case "quoted":
      if (byte === QUOTE) return "unquoted";
      return byte === BACKSLASH ? "escaped" : VALUE[byte] ? "quoted" : null;
    case "escaped":
      return VALUE[byte] ? "quoted" : null;
    case "unquoted":
      return afterSize(byte);
  }
}

/** The step behind the first byte that is no digit of the size; the same holds behind a value. */
export function afterSize(byte: number): ExtensionStep | "sizeLf" | null {
  if (byte === CR) return "sizeLf";
  return isBlank(byte) ? "semicolon" : afterBlanks(byte);
}

function afterBlanks(byte: number): ExtensionStep | null {
  return byte === SEMICOLON ? "nameStart" : null;
}

function afterEquals(byte: number): ExtensionStep {
  return byte === EQUALS ? "valueStart" : "equals";
}
