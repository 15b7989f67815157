// What the fields say of a message's length (RFC 9112 §6) and of the connection (§9.3). Whatever
// two readers could take for two lengths is refused, even where all its parts agree: both fields at
// once, a Content-Length that is repeated or a list, a coding that is not exactly `chunked`.
import { Failure } from "../../base/failure.ts";
import { COMMA, consistsOf, DIGIT, isToken, trimBlanks } from "../characters.ts";
import type { Fields } from "../fields.ts";
import type { Http1FailureCode } from "./failures.ts";

/** Bytes to come; "chunked"; null where the fields say nothing. */
export type Length = number | "chunked" | null;

/** The length that a message's fields announce. */
export function announcedLength(
  fields: Fields,
  minorVersion: number,
): Length | Failure<Http1FailureCode> {
  const coding = fields.get("transfer-encoding");
  const length = fields.get("content-length");
  if (coding === null) return length === null ? null : lengthOf(length);
  if (length !== null) return new Failure("framingAmbiguous");
  if (minorVersion === 0) return new Failure("codingNotAllowed");
  return coding.toLowerCase() === "chunked" ? "chunked" : wrongCoding(coding);
}

// Several lines come joined by commas here, so that they are no digits.
function lengthOf(text: string): number | Failure<Http1FailureCode> {
  const length = Number(text);
  if (text === "" || !consistsOf(text, DIGIT) || !Number.isSafeInteger(length)) {
    return new Failure("lengthMalformed", text);
  }
  return length;
}

function wrongCoding(list: string): Failure<Http1FailureCode> {
  const codings = list.split(",").map((coding) => trimBlanks(coding).toLowerCase());
  if (!codings.every(isToken)) return new Failure("codingMalformed", list);
  const known = codings.every((coding) => coding === "chunked");
  return new Failure(known ? "codingMalformed" : "codingUnknown", list);
}

/** Whether the sender wants the connection kept: by its version, and the list in `Connection`. */
export function wantsKeepAlive(fields: Fields, minorVersion: number): boolean {
  const connection = fields.get("connection");
  if (connection === null) return minorVersion === 1;
  if (listHas(connection, "close")) return false;
  return minorVersion === 1 || listHas(connection, "keep-alive");
}

/** Whether a list (RFC 9110 §5.6.1) has `token`, whole, in any case. `token` is in lower case. */
export function listHas(list: string, token: string): boolean {
  let start = 0;
  for (let at = 0; at <= list.length; at += 1) {
    if (at < list.length && list.charCodeAt(at) !== COMMA) continue;
    if (trimBlanks(list.slice(start, at)).toLowerCase() === token) return true;
    start = at + 1;
  }
  return false;
}
