// How an answer is framed (RFC 9112 §6), and its head. Content-Length, Transfer-Encoding, Date and
// Connection are decided here alone: a handler that names them is overruled.
import type { FieldList } from "../../base/failure.ts";
import { encodeField, encodeStatusLine } from "../../protocol/index.ts";
import type { Reply, ReplyBody } from "../exchange/index.ts";

const OWN_FIELDS = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
]);

/** What the driver must know of the request and the connection. */
export interface WriteTerms {
  readonly method: string;
  readonly minorVersion: number;
  readonly date: string;
  /** The connection goes on behind this answer, if its framing allows. */
  readonly keepAlive: boolean;
  readonly extraFields: FieldList;
}

/** How a reply is framed: its Content-Length, whether it is chunked, whether it has a body. */
export interface Framing {
  readonly length: number | null;
  readonly chunked: boolean;
  readonly hasBody: boolean;
  readonly keepAlive: boolean;
}

/** RFC 9112 §6.3, from the sender's side. */
export function framingOf(reply: Reply, terms: WriteTerms): Framing {
  const { body, status } = reply;
  const length = lengthOf(body);
  if (status === 204 || status === 304 || status < 200) {
    return { length: null, chunked: false, hasBody: false, keepAlive: terms.keepAlive };
  }
  if (terms.method === "HEAD") {
    return { length, chunked: false, hasBody: false, keepAlive: terms.keepAlive };
  }
  if (length !== null) {
    return { length, chunked: false, hasBody: length > 0, keepAlive: terms.keepAlive };
  }
  // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
  const chunked = terms.minorVersion > 0;
  return { length: null, chunked, hasBody: true, keepAlive: terms.keepAlive && chunked };
}

function lengthOf(body: ReplyBody): number | null {
  if (body === null) return 0;
  return typeof body === "string" ? Buffer.byteLength(body) : body.length;
}

/** The head, to be written as latin1. Throws where a field is none that HTTP can carry. */
export function headOf(reply: Reply, terms: WriteTerms, framing: Framing): string {
  let head = `${encodeStatusLine(reply.status)}Date: ${terms.date}\r\n`;
  head += fieldsText(reply.fields);
  for (const [name, value] of terms.extraFields) head += encodeField(name, value);
  if (framing.length !== null) head += `Content-Length: ${framing.length}\r\n`;
  if (framing.chunked) head += "Transfer-Encoding: chunked\r\n";
  if (reply.status === 101 || reply.status === 426) head += "Connection: Upgrade\r\n";
  if (reply.status === 101) return `${head}\r\n`;
  if (!framing.keepAlive) head += "Connection: close\r\n";
  else if (terms.minorVersion === 0) head += "Connection: keep-alive\r\n";
  return `${head}\r\n`;
}

// Of a program that says the same to all the list is one, too (protocol/cgi/head-memo.ts), and no
// list changes once it is in a reply. To check and write it anew is 2 of 100 parts of a page.
let lastFields: FieldList = [];
let lastText = "";

function fieldsText(fields: FieldList): string {
  if (fields === lastFields) return lastText;
  let text = "";
  for (const [name, value] of fields) {
    if (!OWN_FIELDS.has(name.toLowerCase())) text += encodeField(name, value);
  }
  lastFields = fields;
  lastText = text;
  return text;
}
