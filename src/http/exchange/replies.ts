// Answers in a line: what a handler says most. A body is encoded as UTF-8; its type says so, unless
// the handler names another.
import type { FieldList } from "../../base/failure.ts";
import { Reply } from "./reply.ts";

/** What an answer says beside its body. */
export interface ReplyInit {
  /** Default: 200. */
  readonly status?: number;
  /** As an object, or as a list, which may hold a name twice (`Set-Cookie`). */
  readonly headers?: Readonly<Record<string, string>> | FieldList;
}

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

const NOT_IN_URL = /[^\x21-\x7e]|["<>\\^`{|}]/gu;

/** Plain text. */
export function text(body: string, init: ReplyInit = {}): Reply {
  return replyOf("text/plain; charset=utf-8", body, init);
}

/** A page, as it is: whoever puts a client's text in it escapes that. */
export function html(body: string, init: ReplyInit = {}): Reply {
  return replyOf("text/html; charset=utf-8", body, init);
}

/** `value` as JSON. Throws a TypeError where JSON has no form of it, as of `undefined`. */
export function json(value: unknown, init: ReplyInit = {}): Reply {
  const body = JSON.stringify(value) as string | undefined;
  if (body === undefined) throw new TypeError(`JSON has no form of ${typeof value}`);
  return replyOf("application/json", body, init);
}

/**
 * Sends the client to `location`, a URL or a path; what no URL may hold is escaped. 303 after a
 * form: the next request is a GET (RFC 9110 §15.4).
 */
export function redirect(location: string, status: RedirectStatus = 302): Reply {
  // `uriText` is for what came from a client, as bytes; this is the handler's own, as text.
  const escaped = location.toWellFormed().replace(NOT_IN_URL, encodeURIComponent);
  return new Reply(status, [["Location", escaped]]);
}

/** An answer without a body: 204, or another status. */
export function empty(status = 204, init: Omit<ReplyInit, "status"> = {}): Reply {
  return new Reply(status, fieldsOf(init.headers));
}

function replyOf(type: string, body: string, { status = 200, headers }: ReplyInit): Reply {
  const fields = fieldsOf(headers);
  const isTyped = fields.some(([name]) => name.toLowerCase() === "content-type");
  const own: FieldList = isTyped ? fields : [["Content-Type", type], ...fields];
  return new Reply(status, own, Buffer.from(body));
}

function fieldsOf(headers: ReplyInit["headers"] = []): FieldList {
  return isList(headers) ? headers : Object.entries(headers);
}

function isList(headers: NonNullable<ReplyInit["headers"]>): headers is FieldList {
  return Array.isArray(headers);
}
