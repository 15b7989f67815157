/**
 * `text` as it may stand in a Location (RFC 3986 §2): what came escaped stays so, every character
 * that a URI may not hold is escaped as the byte that it came as. Beyond latin1 as UTF-8.
 */
export function uriText(text: string): string {
  return text.replace(/[^\x21-\x7e]|["#<>\\^`{|}]/gu, escaped);
}

function escaped(character: string): string {
  const bytes = Buffer.from(character, character <= "\u00ff" ? "latin1" : "utf8");
  return Array.from(bytes, (byte) => `%${hex(byte)}`).join("");
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
