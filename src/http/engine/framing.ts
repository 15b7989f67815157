// How an answer is framed (RFC 9112 §6), and its head. Content-Length, Transfer-Encoding, Date and
// Connection are decided here alone: a handler that names them is overruled.
import type { FieldList } from "../../base/failure.ts";
import { encodeResponseHead } from "../../protocol/index.ts";
import type { Reply } from "../exchange/index.ts";

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
  const length = body === null ? 0 : body.length;
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

/** The head, ready to be sent. Throws where a field is none that HTTP can carry. */
export function headOf(reply: Reply, terms: WriteTerms, framing: Framing): Buffer {
  const fields: [string, string][] = [["Date", terms.date]];
  for (const [name, value] of reply.fields) {
    if (!OWN_FIELDS.has(name.toLowerCase())) fields.push([name, value]);
  }
  for (const [name, value] of terms.extraFields) fields.push([name, value]);
  if (framing.length !== null) fields.push(["Content-Length", String(framing.length)]);
  if (framing.chunked) fields.push(["Transfer-Encoding", "chunked"]);
  if (!framing.keepAlive) fields.push(["Connection", "close"]);
  else if (terms.minorVersion === 0) fields.push(["Connection", "keep-alive"]);
  return Buffer.from(encodeResponseHead({ status: reply.status, fields }), "latin1");
}
