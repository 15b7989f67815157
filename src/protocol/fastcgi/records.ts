// Records (FastCGI 1.0 §3.3), all numbers big-endian:
//
//   version  type  requestId:2  contentLength:2  paddingLength  reserved  content  padding
//
// What would make another record of it (a number that does not fit) is our own mistake: it throws.

export const RECORD_HEAD_BYTES = 8;
export const RECORD_CONTENT_BYTES_MAX = 0xffff;
export const FASTCGI_VERSION = 1;

export const FASTCGI_TYPES = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  data: 8,
  getValues: 9,
  getValuesResult: 10,
  unknownType: 11,
} as const;

/** From here on types have no meaning in FastCGI 1.0. */
export const UNKNOWN_TYPES_START = 12;

export const FASTCGI_ROLES = { responder: 1, authorizer: 2, filter: 3 } as const;

/** The protocolStatus of END_REQUEST. */
export const FASTCGI_STATUSES = {
  requestComplete: 0,
  cannotMultiplex: 1,
  overloaded: 2,
  unknownRole: 3,
} as const;

/** The content of BEGIN_REQUEST, END_REQUEST and UNKNOWN_TYPE. */
export const FIXED_CONTENT_BYTES = 8;

/** A flag of BEGIN_REQUEST: the application leaves the connection open behind the answer. */
export const KEEP_CONNECTION = 1;

const ID_MAX = 0xffff;
const TYPE_MAX = 0xff;
const PADDING_BYTES_MAX = 0xff;

export interface RecordHead {
  readonly type: number;
  /** 0 is the connection itself. */
  readonly requestId: number;
  readonly contentBytes: number;
}

/** Writes the head of a record at `at`. */
export function writeRecordHead(
  into: Uint8Array,
  at: number,
  { type, requestId, contentBytes }: RecordHead,
  paddingBytes = 0,
): void {
  if (!isUpTo(type, TYPE_MAX)) throw new RangeError(`no type: ${type}`);
  if (!isUpTo(requestId, ID_MAX)) throw new RangeError(`no request id: ${requestId}`);
  if (!isUpTo(contentBytes, RECORD_CONTENT_BYTES_MAX)) {
    throw new RangeError(`no content of a record: ${contentBytes} bytes`);
  }
  if (!isUpTo(paddingBytes, PADDING_BYTES_MAX)) {
    throw new RangeError(`no padding: ${paddingBytes} bytes`);
  }
  if (at + RECORD_HEAD_BYTES > into.length) throw new RangeError(`no room at ${at}`);
  into[at] = FASTCGI_VERSION;
  into[at + 1] = type;
  into[at + 2] = requestId >>> 8;
  into[at + 3] = requestId;
  into[at + 4] = contentBytes >>> 8;
  into[at + 5] = contentBytes;
  into[at + 6] = paddingBytes;
  into[at + 7] = 0;
}

/** Writes the content of BEGIN_REQUEST at `at`. */
export function writeBeginning(
  into: Uint8Array,
  at: number,
  role: number,
  keepConnection: boolean,
): void {
  into.fill(0, at, at + FIXED_CONTENT_BYTES);
  into[at] = role >>> 8;
  into[at + 1] = role;
  into[at + 2] = keepConnection ? KEEP_CONNECTION : 0;
}

function isUpTo(number: number, max: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= max;
}
