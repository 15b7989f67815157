// What a route's `path` may be. Paths are compared as they are decoded, so a pattern is written
// decoded too. Three kinds, and nothing between them, so that which route answers can be read off:
//
//   /a          exact    that path alone
//   /a/*        prefix   /a, and all below /a/
//   /a/*.php    suffix   below /a/, where ".php" ends the path or stands before a "/"
//
// `*.php` is short for `/*.php`. In an exact path and in a prefix a segment may be a parameter:
// `:name` stands for one segment that is not empty. Scripts are looked up by their whole path, so
// what leads to a suffix is literal.

/** A route's path, read. */
export interface Pattern {
  /** In its normal form: `*.php` is `/*.php`. */
  readonly text: string;
  /** The text without the names of parameters: two patterns match the same when theirs is one. */
  readonly shape: string;
  readonly kind: "exact" | "prefix" | "suffix";
  /** The whole path of an exact pattern; else what stands before the `*`, which ends in "/". */
  readonly prefix: string;
  /** What stands behind the `*`, with its dot; "" but for a suffix pattern. */
  readonly suffix: string;
  /**
   * How much of a path is the route's own; what follows is the `*`'s. Under a suffix pattern the
   * whole path is looked up, so only the leading slash is. With parameters it depends on the path:
   * `readParams` says it.
   */
  readonly prefixLength: number;
  /** Names of the parameters, in order. */
  readonly params: readonly string[];
}

/** What a path says of a pattern's parameters. */
export interface ReadParams {
  /** By name, as decoded as the path is; without prototype. */
  readonly params: Readonly<Record<string, string>>;
  /** As `Pattern.prefixLength`, of this path. */
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
  if (pattern.params.length > 0) return matchesSegments(pattern, path.split("/"));
  if (pattern.kind === "exact") return path === pattern.prefix;
  if (pattern.kind === "suffix") {
    return path.startsWith(pattern.prefix) && suffixEnd(path, pattern.prefix, pattern.suffix) > 0;
  }
  return path.startsWith(pattern.prefix) || `${path}/` === pattern.prefix;
}

/** Whether a pattern's segment, as its text has it, is a parameter. */
export function isParam(segment: string): boolean {
  return segment.startsWith(":");
}

/** What the parameters of `pattern` stand for in `path`, which it matches. */
export function readParams(pattern: Pattern, path: string): ReadParams {
  const { kind, prefix, prefixLength } = pattern;
  const params = Object.create(null) as Record<string, string>;
  if (pattern.params.length === 0) return { params, prefixLength };
  let at = 1; // in the prefix
  let from = 1; // in the path
  while (at < prefix.length) {
    const next = endOfSegment(prefix, at);
    const end = endOfSegment(path, from);
    if (prefix[at] === ":") params[prefix.slice(at + 1, next)] = path.slice(from, end);
    at = next + 1;
    from = end + 1;
  }
  return { params, prefixLength: kind === "exact" ? path.length : from };
}

/** Where the segment of `path` that begins at `from` ends. */
export function endOfSegment(path: string, from: number): number {
  const end = path.indexOf("/", from);
  return end === -1 ? path.length : end;
}

function matchesSegments({ kind, prefix }: Pattern, segments: readonly string[]): boolean {
  const wanted = prefix.split("/");
  if (kind === "prefix") wanted.pop(); // what stands behind the last slash is the `*`'s
  if (kind === "exact" ? segments.length !== wanted.length : segments.length < wanted.length) {
    return false;
  }
  return wanted.every((one, at) => (isParam(one) ? segments[at] !== "" : one === segments[at]));
}

function patternOf(text: string): Pattern {
  const star = text.indexOf("*");
  const prefix = star === -1 ? text : text.slice(0, star);
  const suffix = star === -1 ? "" : text.slice(star + 1);
  const params = prefix.split("/").filter(isParam);
  return {
    text,
    shape: text.replaceAll(/(?<=\/:)[^/]+/g, ""),
    kind: star === -1 ? "exact" : suffix === "" ? "prefix" : "suffix",
    prefix,
    suffix,
    prefixLength: suffix === "" ? prefix.length : 1,
    params: params.map((param) => param.slice(1)),
  };
}

// Decoding leaves "%2F" alone, so that it never becomes a slash: it is the one escape in a path.
const ESCAPE = /%(?!2F)[0-9a-f]{2}/i;
const LOWER_SLASH = /%2f/;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const SUFFIX = /^\.[^/*]+$/;
const PARAM = /^:[a-z][a-z0-9_]*$/i;

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
  if (text.includes("//")) return 'between two "/" stands a name';
  return complaintAboutParams(text, segments.filter(isParam));
}

function complaintAboutParams(text: string, params: readonly string[]): string | null {
  if (!params.every((param) => PARAM.test(param))) {
    return 'a segment that begins with ":" is a parameter, and its name is letters, digits and "_"';
  }
  if (new Set(params).size < params.length) return "each parameter has a name of its own";
  const hasSuffix = text.includes("*") && !text.endsWith("*");
  return hasSuffix && params.length > 0 ? "what leads to a suffix has no parameters" : null;
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
    else if (segment !== "" && segment !== ".") left.push(paramIn(segment));
  }
  return left;
}

/** Of `:id(\\d+)` and `:id.json` the parameter. */
function paramIn(segment: string): string {
  return isParam(segment) ? (/^:[a-z][a-z0-9_]*/i.exec(segment)?.[0] ?? segment) : segment;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll(/%2f/gi, "%252F"));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
