// What the lines of a program's head say (RFC 3875 §6.3). Of the fields that steer how the answer
// is read there is one each, or the answer is refused: of two, another server would take the other.
import { Failure, type FieldList } from "../../base/failure.ts";
import { consistsOf, DIGIT, TARGET } from "../characters.ts";
import type { CgiFailure } from "./failures.ts";
import { readStatus } from "./lines.ts";

/** What goes to the client: without Status, Content-Length and what is of one connection only. */
export interface CgiAnswerHead {
  readonly status: number;
  /** Names in the program's spelling, values as latin1 text, a character a byte. */
  readonly fields: FieldList;
  /** The bytes of content that are announced, or known; null where only the end will tell. */
  readonly length: number | null;
}

export type CgiHead =
  | ({ readonly kind: "document" } & CgiAnswerHead)
  /** A Location is among the fields; the status is 302 where the program says none. */
  | ({ readonly kind: "clientRedirect" } & CgiAnswerHead)
  /** The request is to go on in this server, at `/path[?query]` (RFC 3875 §6.2.2). */
  | { readonly kind: "localRedirect"; readonly target: string };

/** A head that goes to the client. */
export type CgiClientHead = Exclude<CgiHead, { readonly kind: "localRedirect" }>;

/** A head that was read, and which content may follow it. */
export type ReadHead =
  | { readonly content: "any" | "none"; readonly head: CgiHead }
  /** It has no type, which is right only where it has no content either. */
  | { readonly content: "mustBeNone"; readonly head: CgiClientHead };

/** About the program's own connection, of which there is none: the server frames the answer. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** They name a file as the answer, which has a type of its own. */
const NAMES_A_FILE = new Set(["x-sendfile", "x-lighttpd-send-file", "x-accel-redirect"]);

/** Fields of which an answer has one value; what is said twice alike counts once. */
interface Steering {
  status: string | null;
  location: string | null;
  "content-type": string | null;
  "content-length": string | null;
}

/** `statusLine` is the status of a first line `HTTP/1.x NNN`, null where there is none. */
export function readHead(fields: FieldList, statusLine: number | null): ReadHead | CgiFailure {
  const steering: Steering = {
    status: null,
    location: null,
    "content-type": null,
    "content-length": null,
  };
  const passed: [name: string, value: string][] = [];
  for (const [name, value] of fields) {
    const known = name.toLowerCase();
    if (isSteering(known, steering)) {
      const before = steering[known];
      if (before !== null && (known === "status" || before !== value)) return twice(name);
      steering[known] = value;
      if (before !== null) continue;
    }
    if (known === "status" || known === "content-length" || HOP_BY_HOP.has(known)) continue;
    passed.push([name, value]);
  }
  if (steering.status !== null && statusLine !== null) return twice("status");
  const length = lengthOf(steering["content-length"]);
  if (length instanceof Failure) return length;
  const status = steering.status === null ? statusLine : readStatus(steering.status);
  if (status instanceof Failure) return status;
  if (steering.location === "") return malformed("a Location of nothing");
  const alone = fields.length === 1 && statusLine === null;
  if (steering.location !== null && alone && isLocal(steering.location)) {
    return { content: "none", head: { kind: "localRedirect", target: steering.location } };
  }
  return clientHead(steering, status, length, passed);
}

function clientHead(
  steering: Steering,
  stated: number | null,
  length: number | null,
  fields: FieldList,
): ReadHead | CgiFailure {
  const redirects = steering.location !== null;
  const kind = redirects ? "clientRedirect" : "document";
  const status = stated ?? (redirects ? 302 : 200);
  // A 304 says the length of what it does not send, a 204 has none (RFC 9110 §8.6).
  if (status === 304) return { content: "none", head: { kind, status, fields, length } };
  if (status === 204) return { content: "none", head: { kind, status, fields, length: null } };
  if (steering["content-type"] !== null) {
    return { content: "any", head: { kind, status, fields, length } };
  }
  // Many a script ends a redirect with an empty line too many: that is no document of any type.
  if (redirects && status >= 300 && status < 400) {
    return { content: "none", head: { kind, status, fields, length: 0 } };
  }
  if (fields.some(([name]) => NAMES_A_FILE.has(name.toLowerCase()))) {
    return { content: "none", head: { kind, status, fields, length: null } };
  }
  if (redirects || stated !== null) {
    return { content: "mustBeNone", head: { kind, status, fields, length } };
  }
  return new Failure("cgiContentTypeMissing", "no Content-Type, Status or Location");
}

/** A path and query as a request would have them; all else is for the client to make sense of. */
function isLocal(location: string): boolean {
  return location.startsWith("/") && !location.startsWith("//") && consistsOf(location, TARGET);
}

function lengthOf(text: string | null): number | null | CgiFailure {
  if (text === null) return null;
  const length = Number(text);
  if (text === "" || !consistsOf(text, DIGIT) || !Number.isSafeInteger(length)) {
    return malformed(`Content-Length ${JSON.stringify(text)}`);
  }
  return length;
}

function isSteering(name: string, steering: Steering): name is keyof Steering {
  return Object.hasOwn(steering, name);
}

function twice(name: string): CgiFailure {
  return malformed(`two of ${name.toLowerCase()}`);
}

function malformed(detail: string): CgiFailure {
  return new Failure("cgiHeadMalformed", detail);
}
