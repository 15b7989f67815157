// Web sockets as they go over the wire: a client that does as it likes.
import { get } from "./wire.ts";

/** Asks for a web socket. */
export const OPENING: string = get(
  "/",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
);

export interface ClientFrame {
  readonly opcode?: number;
  readonly fin?: boolean;
  /** RSV1 to RSV3, as they stand in the first byte. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** What the frame says its length is, in 64 bits. */
  readonly length?: bigint;
}

const MASK = Buffer.of(1, 2, 3, 4);

/** One frame of a client. */
export function clientFrame(payload: string | Uint8Array, how: ClientFrame = {}): Buffer {
  const { opcode = 1, fin = true, reserved = 0, masked = true, length } = how;
  const data = Buffer.from(payload as Uint8Array);
  const first = (fin ? 0x80 : 0) | reserved | opcode;
  const bit = masked ? 0x80 : 0;
  const head =
    length !== undefined || data.length >= 65536
      ? Buffer.alloc(10)
      : Buffer.alloc(data.length < 126 ? 2 : 4);
  head[0] = first;
  if (head.length === 2) head[1] = bit | data.length;
  else if (head.length === 4) head.writeUInt16BE(data.length, 2);
  else head.writeBigUInt64BE(length ?? BigInt(data.length), 2);
  if (head.length > 2) head[1] = bit | (head.length === 4 ? 126 : 127);
  if (!masked) return Buffer.concat([head, data]);
  return Buffer.concat([head, MASK, data.map((byte, at) => byte ^ MASK[at % 4]!)]);
}

/** The server's whole frames in `bytes`, behind the head: opcode and payload. */
export function framesIn(bytes: Buffer): { readonly opcode: number; readonly data: Buffer }[] {
  const frames = [];
  for (let at = bytes.indexOf("\r\n\r\n") + 4; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 0x7f;
    const headLength = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (at + headLength > bytes.length) break;
    const length =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short;
    const data = bytes.subarray(at + headLength, at + headLength + length);
    if (data.length < length) break;
    frames.push({ opcode: bytes[at]! & 0x0f, data });
    at += headLength + length;
  }
  return frames;
}
