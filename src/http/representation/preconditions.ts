// Preconditions, whole and in the order of RFC 9110 §13.2.2, as one pure function:
//
//   If-Match, else If-Unmodified-Since        false → 412
//   If-None-Match, else If-Modified-Since     false → 304 to GET and HEAD, 412 to others
//
// (If-Range, the last step, is the ranges' own: see file-reply.ts.)
import type { Fields } from "../../protocol/fields.ts";
import { parseTags, strongMatch, weakMatch } from "./entity-tags.ts";
import { parseHttpDate } from "./http-date.ts";

export type Outcome = "proceed" | "notModified" | "preconditionFailed";

/** What is known of the current representation. Both null: there is none. */
export interface Validators {
  readonly etag: string | null;
  /** Milliseconds since 1970. */
  readonly lastModifiedMs: number | null;
}

/** What the request's preconditions amount to. A field that can't be read is ignored. */
export function evaluatePreconditions(
  method: string,
  fields: Fields,
  validators: Validators,
  nowMs: number,
): Outcome {
  const isRead = method === "GET" || method === "HEAD";
  if (!mayGoOn(fields, validators, nowMs)) return "preconditionFailed";
  const unchanged = isUnchanged(isRead, fields, validators, nowMs);
  if (!unchanged) return "proceed";
  return isRead ? "notModified" : "preconditionFailed";
}

function mayGoOn(fields: Fields, validators: Validators, nowMs: number): boolean {
  const match = fields.get("if-match");
  if (match !== null) return matches(match, validators, strongMatch) ?? false;
  const since = dateOf(fields.get("if-unmodified-since"), nowMs);
  if (since === null || validators.lastModifiedMs === null) return true;
  return wholeSeconds(validators.lastModifiedMs) <= since;
}

function isUnchanged(
  isRead: boolean,
  fields: Fields,
  validators: Validators,
  nowMs: number,
): boolean {
  const noneMatch = fields.get("if-none-match");
  if (noneMatch !== null) return matches(noneMatch, validators, weakMatch) ?? false;
  if (!isRead) return false;
  const since = dateOf(fields.get("if-modified-since"), nowMs);
  if (since === null || validators.lastModifiedMs === null) return false;
  return wholeSeconds(validators.lastModifiedMs) <= since;
}

/** Whether the list names the current representation; null where it is no list. */
function matches(
  list: string,
  { etag, lastModifiedMs }: Validators,
  same: (a: string, b: string) => boolean,
): boolean | null {
  const tags = parseTags(list);
  if (tags === null) return null;
  if (tags === "*") return etag !== null || lastModifiedMs !== null;
  return etag !== null && tags.some((tag) => same(tag, etag));
}

function dateOf(text: string | null, nowMs: number): number | null {
  return text === null ? null : parseHttpDate(text, nowMs);
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
