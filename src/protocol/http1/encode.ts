// Messages into text, to be written as latin1: a character a byte. What would break the framing (a
// line end in a value, a blank in a name) is our own mistake, so it throws; a peer's text that may
// have one is to be checked, or escaped, by whoever puts it into a field.
import type { FieldList } from "../../base/failure.ts";
import { consistsOf, isToken, TARGET, VALUE } from "../characters.ts";
import { FORBIDDEN_TRAILERS } from "./chunked.ts";
import { reasonPhrase } from "./reason-phrases.ts";

/** The end of a chunked body without trailers. */
export const LAST_CHUNK = "0\r\n\r\n";

export interface ResponseHeadToSend {
  readonly status: number;
  readonly fields: FieldList;
}

export interface RequestHeadToSend {
  readonly method: string;
  readonly target: string;
  readonly fields: FieldList;
}

/** A response's head with its empty line. Fields go out as given; framing is the caller's. */
export function encodeResponseHead({ status, fields }: ResponseHeadToSend): string {
  return `${encodeStatusLine(status)}${encodeFields(fields)}\r\n`;
}

/** A response's first line, with its end. */
export function encodeStatusLine(status: number): string {
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new RangeError(`no status: ${status}`);
  }
  return `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n`;
}

/** A field line, with its end. */
export function encodeField(name: string, value: string): string {
  if (!isToken(name)) throw new TypeError(`no field name: ${JSON.stringify(name)}`);
  if (!consistsOf(value, VALUE)) {
    throw new TypeError(`no field value: ${name}: ${JSON.stringify(value)}`);
  }
  return `${name}: ${value}\r\n`;
}

/** A request's head with its empty line. Host and framing are the caller's. */
export function encodeRequestHead({ method, target, fields }: RequestHeadToSend): string {
  if (!isToken(method)) throw new TypeError(`no method: ${JSON.stringify(method)}`);
  if (target === "" || !consistsOf(target, TARGET)) {
    throw new TypeError(`no target: ${JSON.stringify(target)}`);
  }
  return `${method} ${target} HTTP/1.1\r\n${encodeFields(fields)}\r\n`;
}

/** What goes before a chunk's content; behind it go CR LF. */
export function encodeChunkHead(size: number): string {
  // A chunk of 0 bytes would end the body.
  if (!Number.isSafeInteger(size) || size <= 0) throw new RangeError(`no chunk size: ${size}`);
  return `${size.toString(16)}\r\n`;
}

/** The end of a chunked body, with trailers: takes the place of LAST_CHUNK. */
export function encodeTrailers(trailers: FieldList): string {
  for (const [name] of trailers) {
    if (FORBIDDEN_TRAILERS.has(name.toLowerCase())) throw new TypeError(`no trailer: ${name}`);
  }
  return `0\r\n${encodeFields(trailers)}\r\n`;
}

function encodeFields(fields: FieldList): string {
  let lines = "";
  for (const [name, value] of fields) lines += encodeField(name, value);
  return lines;
}
