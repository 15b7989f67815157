// Entity tags (RFC 9110 §8.8.3) and lists of them: `"a", W/"b"`, or `*`. A tag may hold a comma.

const LIST = /^[ \t,]*(?:(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"[ \t]*(?:,[ \t,]*|$))+$/;
const TAG = /(?:W\/)?"[^"]*"/g;

/** The tags of a list, "*" for any; null where it is no list. */
export function parseTags(text: string): "*" | string[] | null {
  if (text === "*") return "*";
  if (!LIST.test(text)) return null;
  return text.match(TAG);
}

/** The same representation, byte for byte (§8.8.3.2). */
export function strongMatch(a: string, b: string): boolean {
  return a === b && !a.startsWith("W/");
}

/** As good as the same. */
export function weakMatch(a: string, b: string): boolean {
  if (a === b) return true; // mostly; two expressions cost 0.2 µs
  return a.replace(/^W\//, "") === b.replace(/^W\//, "");
}
