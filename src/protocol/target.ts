// What a request asks for: the four forms of a target (RFC 9112 §3.2) and the path in it, decoded
// once. Dot segments are refused rather than resolved: no client sends them (RFC 3986 §5.2.4 is the
// client's work), and whoever does hopes that somebody on the way resolves them otherwise.
import { Failure, type FailureTable } from "../base/failure.ts";
import { parseAuthority } from "./authority.ts";
import { consistsOf, TARGET } from "./characters.ts";

export const TARGET_FAILURES = {
  targetMalformed: { status: 400, message: "The request's target is malformed." },
  pathMalformed: { status: 400, message: "The request's path is malformed." },
} as const satisfies FailureTable;

export type TargetForm = "origin" | "absolute" | "asterisk" | "authority";

export interface Target {
  readonly form: TargetForm;
  /** Host and port as written, checked; null in origin and asterisk form. */
  readonly authority: string | null;
  /** Still encoded; "*" in asterisk form, "" in authority form. */
  readonly rawPath: string;
  /** Behind the first `?`, without it; "" when there is none. */
  readonly query: string;
}

/** Reads a request's target. Fails with `targetMalformed`. */
export function parseTarget(method: string, target: string): Target | Failure<"targetMalformed"> {
  if (target === "" || !consistsOf(target, TARGET)) return malformed("characters");
  if (method === "CONNECT") return connectTarget(target);
  if (target[0] === "/") return withPath("origin", null, target);
  if (target === "*") {
    if (method !== "OPTIONS") return malformed("* is for OPTIONS");
    return { form: "asterisk", authority: null, rawPath: "*", query: "" };
  }
  return absoluteTarget(target);
}

function connectTarget(target: string): Target | Failure<"targetMalformed"> {
  const authority = parseAuthority(target);
  if (authority === null || authority.port === null) return malformed("CONNECT takes host:port");
  return { form: "authority", authority: target, rawPath: "", query: "" };
}

function absoluteTarget(target: string): Target | Failure<"targetMalformed"> {
  const authorityStart = target.indexOf("://") + 3;
  const scheme = target.slice(0, Math.max(0, authorityStart - 3)).toLowerCase();
  if (scheme !== "http" && scheme !== "https") return malformed("neither path nor http URL");
  let end = authorityStart;
  while (end < target.length && target[end] !== "/" && target[end] !== "?") end += 1;
  const authority = target.slice(authorityStart, end);
  if (parseAuthority(authority) === null) return malformed("authority");
  const rest = target.slice(end);
  return withPath("absolute", authority, rest[0] === "/" ? rest : `/${rest}`);
}

function withPath(form: TargetForm, authority: string | null, rest: string): Target {
  const question = rest.indexOf("?");
  if (question < 0) return { form, authority, rawPath: rest, query: "" };
  return { form, authority, rawPath: rest.slice(0, question), query: rest.slice(question + 1) };
}

function malformed(detail: string): Failure<"targetMalformed"> {
  return new Failure("targetMalformed", detail);
}

/**
 * Decodes a path's percent-escapes, once, as UTF-8. An encoded slash stays `%2F`, since it is part
 * of a name. Fails with `pathMalformed` on bad escapes, invalid UTF-8, control characters, dot
 * segments.
 */
export function decodePath(rawPath: string): string | Failure<"pathMalformed"> {
  if (!consistsOf(rawPath, TARGET)) return new Failure("pathMalformed", "characters");
  const path = rawPath.includes("%") ? unescape(rawPath) : rawPath;
  if (path === null) return new Failure("pathMalformed", "escapes");
  if (hasControls(path)) return new Failure("pathMalformed", "control characters");
  if (hasDotSegment(path)) return new Failure("pathMalformed", "dot segments");
  return path;
}

function unescape(rawPath: string): string | null {
  try {
    return decodeURIComponent(rawPath.replace(/%2f/gi, "%252F"));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function hasControls(path: string): boolean {
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

function hasDotSegment(path: string): boolean {
  if (!path.includes("/.") && path[0] !== ".") return false;
  return path.split("/").some((segment) => segment === "." || segment === "..");
}
