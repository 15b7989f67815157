// Records of both sides, ready to be written. A request's are made by FastCgiRequestEncoder, in one
// block.
import { encodePairs, type Pairs } from "./pairs.ts";
import {
  FASTCGI_TYPES,
  FIXED_CONTENT_BYTES,
  RECORD_CONTENT_BYTES_MAX,
  RECORD_HEAD_BYTES,
  writeBeginning,
  writeRecordHead,
} from "./records.ts";

const NOTHING = new Uint8Array(0);
const CONNECTION_ID = 0;

export function encodeRecordHead(
  type: number,
  requestId: number,
  contentBytes: number,
  paddingBytes = 0,
): Uint8Array {
  const head = Buffer.allocUnsafe(RECORD_HEAD_BYTES);
  writeRecordHead(head, 0, { type, requestId, contentBytes }, paddingBytes);
  return head;
}

/** One record with its padding. */
export function encodeRecord(
  type: number,
  requestId: number,
  content: Uint8Array,
  paddingBytes = 0,
): Uint8Array {
  const head = encodeRecordHead(type, requestId, content.length, paddingBytes);
  return Buffer.concat([head, content, Buffer.alloc(paddingBytes)]);
}

/** `bytes` of a stream in as many records as it takes; none for no bytes, which would end it. */
export function encodeStream(type: number, requestId: number, bytes: Uint8Array): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += RECORD_CONTENT_BYTES_MAX) {
    const content = bytes.subarray(at, at + RECORD_CONTENT_BYTES_MAX);
    records.push(encodeRecord(type, requestId, content));
  }
  return Buffer.concat(records);
}

export function encodeStreamEnd(type: number, requestId: number): Uint8Array {
  return encodeRecord(type, requestId, NOTHING);
}

// ── The web server's side ────────────────────────────────────────────────────────────────────────

export function encodeBeginRequest(
  requestId: number,
  role: number,
  keepConnection: boolean,
): Uint8Array {
  const content = Buffer.allocUnsafe(FIXED_CONTENT_BYTES);
  writeBeginning(content, 0, role, keepConnection);
  return encodeRecord(FASTCGI_TYPES.beginRequest, requestId, content);
}

export function encodeAbort(requestId: number): Uint8Array {
  return encodeRecord(FASTCGI_TYPES.abortRequest, requestId, NOTHING);
}

/** Asks for the application's limits: FCGI_MAX_CONNS, FCGI_MAX_REQS, FCGI_MPXS_CONNS. */
export function encodeGetValues(names: readonly string[]): Uint8Array {
  const pairs = names.map((name) => [name, ""] as const);
  return encodeRecord(FASTCGI_TYPES.getValues, CONNECTION_ID, encodePairs(pairs));
}

// ── The application's side ───────────────────────────────────────────────────────────────────────

export function encodeEndRequest(
  requestId: number,
  appStatus: number,
  protocolStatus: number,
): Uint8Array {
  const status = [appStatus >>> 24, appStatus >>> 16, appStatus >>> 8, appStatus];
  return encodeFixed(FASTCGI_TYPES.endRequest, requestId, [...status, protocolStatus]);
}

export function encodeGetValuesResult(values: Pairs): Uint8Array {
  return encodeRecord(FASTCGI_TYPES.getValuesResult, CONNECTION_ID, encodePairs(values));
}

/** The answer to a record for the connection whose type is not known. */
export function encodeUnknownType(type: number): Uint8Array {
  return encodeFixed(FASTCGI_TYPES.unknownType, CONNECTION_ID, [type]);
}

/** The first bytes of a content of eight, whose others are reserved. */
function encodeFixed(type: number, requestId: number, first: readonly number[]): Uint8Array {
  const content = Buffer.alloc(FIXED_CONTENT_BYTES);
  content.set(first);
  return encodeRecord(type, requestId, content);
}
