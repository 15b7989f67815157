// The protocol's frames are read and made by `ws`: by its receiver, which checks what comes, and
// its sender's `frame`. Its sockets, server and timers are not used; its types do not name these.
import type { EventEmitter } from "node:events";
import * as ws from "ws";

/** Of the options those that are used. */
interface ReceiverOptions {
  readonly isServer: true;
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
}

/** Tells `message` (bytes, whether binary), `ping`, `pong`, `conclude` (code, reason), `error`. */
interface Receiver extends EventEmitter {
  write(bytes: Buffer): boolean;
}

interface FrameOptions {
  readonly fin: true;
  readonly opcode: number;
  readonly mask: false;
  readonly readOnly: true;
  readonly rsv1: false;
}

interface Codec {
  readonly Receiver: new (options: ReceiverOptions) => Receiver;
  readonly Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] };
}

const { Receiver, Sender } = ws as unknown as Codec;

export type { Receiver };

/** Opcodes (RFC 6455 §5.2). */
export const TEXT = 1;
export const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

// One byte a frame, or a frame a byte at a time: what is kept for each is more than the byte.
const FRAGMENTS_MAX = 16 * 1024;
const CHUNKS_MIN = 1024;
const CHUNK_BYTES = 256;

/** Reads what a client sends; a message has at most `messageBytes`. */
export function newReceiver(messageBytes: number): Receiver {
  return new Receiver({
    isServer: true,
    maxPayload: messageBytes,
    maxFragments: FRAGMENTS_MAX,
    maxBufferedChunks: CHUNKS_MIN + Math.ceil(messageBytes / CHUNK_BYTES),
  });
}

/** One frame, in one piece or two. */
export function frameOf(opcode: number, data: Buffer): Buffer[] {
  return Sender.frame(data, { fin: true, opcode, mask: false, readOnly: true, rsv1: false });
}

export const PING_FRAME = Buffer.concat(frameOf(PING, Buffer.alloc(0)));

export function pongFrame(data: Buffer): Buffer[] {
  return frameOf(PONG, data);
}

/** Without a code it says nothing (1005 stands for that, and is never sent). */
export function closeFrame(code: number | null, reason: string): Buffer[] {
  if (code === null) return frameOf(CLOSE, Buffer.alloc(0));
  const data = Buffer.alloc(2 + Buffer.byteLength(reason));
  data.writeUInt16BE(code);
  data.write(reason, 2);
  return frameOf(CLOSE, data);
}

/** With what a connection is closed on which `error` came of a receiver (RFC 6455 §7.4.1). */
export function codeOf(error: { readonly code?: string }): number {
  switch (error.code) {
    case "WS_ERR_INVALID_UTF8":
      return 1007;
    case "WS_ERR_TOO_MANY_BUFFERED_PARTS":
      return 1008;
    case "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH":
    case "WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH":
      return 1009;
    default:
      return 1002;
  }
}
