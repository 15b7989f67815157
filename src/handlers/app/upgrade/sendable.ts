// What an app may send, and how it may close (WebSockets Standard).

export type Sendable = string | ArrayBuffer | ArrayBufferView;

const NORMAL = 1000;
const REASON_BYTES_MAX = 123;

/** Text as it is, bytes without a copy. Throws a TypeError for anything else. */
export function sendable(data: Sendable): string | Buffer {
  if (typeof data === "string") return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  throw new TypeError("a message is a string, an ArrayBuffer or a view of one");
}

/** Throws where an app may not close so. */
export function checkClose(code: number | undefined, reason: string): void {
  const isOwn = code === undefined || code === NORMAL || (code >= 3000 && code <= 4999);
  if (!isOwn || (code !== undefined && !Number.isInteger(code))) {
    throw new DOMException("a socket closes with 1000, or 3000 to 4999", "InvalidAccessError");
  }
  if (Buffer.byteLength(reason) > REASON_BYTES_MAX) {
    throw new DOMException("a reason has at most 123 bytes", "SyntaxError");
  }
}
