// What a route's `path` may be. Paths are compared as they are decoded, so a pattern is written
// decoded too. Three kinds, and nothing between them, so that which route answers can be read off:
//
//   /a          exact    that path alone
//   /a/*        prefix   /a, and all below /a/
//   /a/*.php    suffix   below /a/, where ".php" ends the path or stands before a "/"
//
// `*.php` is short for `/*.php`.

/** A route's path, read. */
export interface Pattern {
  /** In its normal form: `*.php` is `/*.php`. Two patterns are the same when their texts are. */
  readonly text: string;
  readonly kind: "exact" | "prefix" | "suffix";
  /** The whole path of an exact pattern; else what stands before the `*`, which ends in "/". */
  readonly prefix: string;
  /** What stands behind the `*`, with its dot; "" but for a suffix pattern. */
  readonly suffix: string;
  /**
   * How much of a path is the route's own; what follows is the `*`'s. Under a suffix pattern the
   * whole path is looked up, so only the leading slash is.
   */
  readonly prefixLength: number;
}

/** Reads a route's path. A string says in words what is wrong with it, and what to write. */
export function parsePattern(text: string): Pattern | string {
  const normal = text.startsWith("*.") ? `/${text}` : text;
  const complaint = complaintAbout(normal);
  if (complaint === null) return patternOf(normal);
  const better = repaired(text);
  const suggestion = complaintAbout(better) === null ? `; write ${JSON.stringify(better)}` : "";
  return `${JSON.stringify(text)} is not a route's path: ${complaint}${suggestion}`;
}

/** Where `pattern`'s suffix ends in `path`, looked for from the end of its prefix; -1: nowhere. */
export function suffixEnd(path: string, prefix: string, suffix: string): number {
  let at = path.indexOf(suffix, prefix.length);
  while (at !== -1) {
    const end = at + suffix.length;
    if (end === path.length || path[end] === "/") return end;
    at = path.indexOf(suffix, at + 1);
  }
  return -1;
}

/** Whether `path` is one that `pattern` names. The slow, plain way: lookups go by the table. */
export function patternMatches(pattern: Pattern, path: string): boolean {
  if (pattern.kind === "exact") return path === pattern.prefix;
  if (pattern.kind === "suffix") {
    return path.startsWith(pattern.prefix) && suffixEnd(path, pattern.prefix, pattern.suffix) > 0;
  }
  return path.startsWith(pattern.prefix) || `${path}/` === pattern.prefix;
}

function patternOf(text: string): Pattern {
  const star = text.indexOf("*");
  if (star === -1) {
    return { text, kind: "exact", prefix: text, suffix: "", prefixLength: text.length };
  }
  const prefix = text.slice(0, star);
  const suffix = text.slice(star + 1);
  if (suffix === "") return { text, kind: "prefix", prefix, suffix, prefixLength: star };
  return { text, kind: "suffix", prefix, suffix, prefixLength: 1 };
}

// Decoding leaves "%2F" alone, so that it never becomes a slash: it is the one escape in a path.
const ESCAPE = /%(?!2F)[0-9a-f]{2}/i;
const LOWER_SLASH = /%2f/;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const SUFFIX = /^\.[^/*]+$/;

function complaintAbout(text: string): string | null {
  if (text === "") return "it is empty";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return "it is a URL (hosts are named by `hosts`)";
  if (/[?#]/.test(text)) return 'a path ends before "?" and "#"';
  if (CONTROL.test(text)) return "no path holds a control character";
  if (!text.startsWith("/")) return 'it begins with "/"';
  if (ESCAPE.test(text) || LOWER_SLASH.test(text)) return "paths are compared decoded";
  return complaintAboutStar(text) ?? complaintAboutSegments(text);
}

function complaintAboutStar(text: string): string | null {
  const star = text.indexOf("*");
  if (star === -1) return null;
  if (text.includes("*", star + 1)) return 'it may hold one "*"';
  if (text[star - 1] !== "/") return 'a "*" stands behind a "/"';
  const behind = text.slice(star + 1);
  if (behind === "" || SUFFIX.test(behind)) return null;
  return 'behind a "*" comes nothing, or a suffix such as ".php"';
}

function complaintAboutSegments(text: string): string | null {
  const segments = text.split("/").slice(1);
  if (segments.some((segment) => segment === "." || segment === "..")) {
    return 'no request has the segments "." and ".."';
  }
  return text.includes("//") ? 'between two "/" stands a name' : null;
}

/** The nearest that `text` could have meant; not always a pattern. */
function repaired(text: string): string {
  const path = decoded(text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").replace(/[?#].*$/s, ""));
  const star = path.indexOf("*");
  const before = segmentsLeft(star === -1 ? path : path.slice(0, star)).map((name) => `/${name}`);
  if (star === -1)
    return `${before.join("")}${path.endsWith("/") || before.length === 0 ? "/" : ""}`;
  const behind = path.slice(star + 1);
  return `${before.join("")}/*${SUFFIX.test(behind) ? behind : ""}`;
}

function segmentsLeft(path: string): string[] {
  const left: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") left.pop();
    else if (segment !== "" && segment !== ".") left.push(segment);
  }
  return left;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll(/%2f/gi, "%252F"));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
