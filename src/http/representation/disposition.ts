/**
 * The Content-Disposition that has a browser save a file under `name` (RFC 6266 §4.3): in UTF-8 for
 * those who read it, in ASCII for the others.
 */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/[!'()*]/g, escaped);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

// What encodeURIComponent leaves and `ext-value` does not hold, or uses itself (RFC 8187 §3.2.1).
function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
