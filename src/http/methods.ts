// Which methods reach a handler, and what the others are told (RFC 9110 §9.1, §15.5.6, §15.6.2):
// a method that the server knows and the handler does not take is 405 with `Allow`, one that
// nobody knows is 501. OPTIONS is answered here unless the handler takes it. CONNECT and TRACE
// reach no handler: this server is no proxy, and TRACE would hand a page the cookies that it must
// not read.
import { Failure, type FailureTable } from "../base/failure.ts";
import { Reply, type Handler } from "./exchange/index.ts";
import type { Methods } from "./room.ts";

export const METHOD_FAILURES = {
  methodNotAllowed: { status: 405, message: "This method is not for this address." },
  methodUnknown: { status: 501, message: "This server does not know the method." },
} as const satisfies FailureTable;

const NEVER_HANDLED = ["CONNECT", "TRACE"];

/** The registered methods (IANA, HTTP Method Registry) but PRI, which no request may use. */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  ...["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"],
  ...["ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK"],
  ...["MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE"],
  ...["ORDERPATCH", "PROPFIND", "PROPPATCH", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT"],
  ...["UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL"],
]);

/** What `Allow` says where a handler takes everything: the methods that people use. */
const USUAL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** `next` for the methods that it takes (HEAD wherever GET is), a refusal for the others. */
export function guardMethods(methods: Methods, next: Handler): Handler {
  const taken = methods === "any" ? null : withHead(methods);
  const allow = [...new Set([...(taken ?? USUAL), "OPTIONS"])]
    .filter((method) => !NEVER_HANDLED.includes(method))
    .join(", ");
  const allowed = [["Allow", allow]] as const;
  const mayRead = taken === null || taken.includes("GET");
  return (exchange) => {
    const { method } = exchange;
    if (method === "GET" && mayRead) return next(exchange);
    const handled = taken === null || taken.includes(method);
    if (handled && !NEVER_HANDLED.includes(method)) return next(exchange);
    if (method === "OPTIONS") return new Reply(204, allowed);
    if (KNOWN_METHODS.has(method)) return new Failure("methodNotAllowed", method, allowed);
    return new Failure("methodUnknown", method);
  };
}

function withHead(methods: readonly string[]): readonly string[] {
  if (!methods.includes("GET") || methods.includes("HEAD")) return methods;
  return methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}
