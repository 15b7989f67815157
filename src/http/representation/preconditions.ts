// Preconditions, whole and in the order of RFC 9110 §13.2.2, as one pure function:
//
//   If-Match, else If-Unmodified-Since        false → 412
//   If-None-Match, else If-Modified-Since     false → 304 to GET and HEAD, 412 to others
//
// A list that can't be read names nothing: If-Match fails, If-None-Match holds. A date that can't
// be read is as if it had not been sent. (If-Range, the last step, is in file-reply.ts.)
import type { Fields } from "../../protocol/fields.ts";
import { parseTags, strongMatch, weakMatch } from "./entity-tags.ts";
import { parseHttpDate } from "./http-date.ts";

export type Outcome = "proceed" | "notModified" | "preconditionFailed";

/** What is known of the current representation. Both null: there is none. */
export interface Validators {
  readonly etag: string | null;
  /** When it changed last, in milliseconds since 1970. */
  readonly mtimeMs: number | null;
}

/** Methods that select no representation: conditions mean nothing to them (§13.2.1). */
const UNCONDITIONAL = ["CONNECT", "OPTIONS", "TRACE"];

/** What the request's preconditions amount to. `nowMs` is since 1970. */
export function evaluatePreconditions(
  method: string,
  fields: Fields,
  validators: Validators,
  nowMs: number,
): Outcome {
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead && UNCONDITIONAL.includes(method)) return "proceed";
  if (!mayGoOn(fields, validators, nowMs)) return "preconditionFailed";
  const unchanged = isUnchanged(isRead, fields, validators, nowMs);
  if (!unchanged) return "proceed";
  return isRead ? "notModified" : "preconditionFailed";
}

function mayGoOn(fields: Fields, validators: Validators, nowMs: number): boolean {
  const match = fields.get("if-match");
  if (match !== null) return matches(match, validators, strongMatch);
  const since = dateOf(fields.get("if-unmodified-since"), nowMs);
  if (since === null || validators.mtimeMs === null) return true;
  return wholeSeconds(validators.mtimeMs) <= since;
}

function isUnchanged(
  isRead: boolean,
  fields: Fields,
  validators: Validators,
  nowMs: number,
): boolean {
  const noneMatch = fields.get("if-none-match");
  if (noneMatch !== null) return matches(noneMatch, validators, weakMatch);
  if (!isRead) return false;
  const since = dateOf(fields.get("if-modified-since"), nowMs);
  if (since === null || validators.mtimeMs === null) return false;
  return wholeSeconds(validators.mtimeMs) <= since;
}

/** Whether the list names the current representation. */
function matches(
  list: string,
  { etag, mtimeMs }: Validators,
  same: (a: string, b: string) => boolean,
): boolean {
  if (list === etag && same(etag, etag)) return true; // a cache that knows one state asks for it
  const tags = parseTags(list);
  if (tags === null) return false;
  if (tags === "*") return etag !== null || mtimeMs !== null;
  return etag !== null && tags.some((tag) => same(tag, etag));
}

function dateOf(text: string | null, nowMs: number): number | null {
  return text === null ? null : parseHttpDate(text, nowMs);
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
