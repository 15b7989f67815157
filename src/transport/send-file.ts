// Files go from the page cache to the socket by sendfile(2), which Node does not have: 1 MB costs a
// third of what reading and writing it does (docs/decisions/0014-files-go-out-by-sendfile.md). Of
// what the kernel does not take at once
//
//   a slow reader's   waits behind a bite that is written as any bytes are: when Node says that it
//                     is written, the kernel takes more
//   a fast reader's   is asked for again in two milliseconds
import { readSync } from "node:fs";
import type { Socket } from "node:net";
import { descriptorOf } from "./handle.ts";
import { MSG_DONTWAIT, MSG_MORE, MSG_NOSIGNAL, native, type Native } from "./native.ts";
import { isInMemory } from "./page-cache.ts";

/** Nothing was sent: the file's bytes have to be read from the disk first. */
export const COLD = -1;

const BITE_BYTES = 16 * 1024;
const BITES_KEPT_MAX = 64;

// Who took as much at once has taken as much again soon. A bite is written as soon as there is room
// for it, and is then followed by little: 100 MB cost 120 µs/MB by bites, 70 µs/MB so.
const FAST_BYTES = 256 * 1024;
const NAP_MS = 2;

export type Done = (error?: Error | null) => void;

/** A piece of an open file. `isWarm`: that it is in memory was just seen. */
export interface FilePiece {
  readonly fd: number;
  readonly offset: number;
  readonly length: number;
  readonly isWarm: boolean;
}

/** Where a file goes: a socket, and how ordinary bytes are written to it. */
export interface FileTarget {
  readonly calls: Native;
  readonly socket: Socket;
  readonly writer: { write(bytes: Uint8Array, done?: Done): void };
}

/** By what files can be sent on `socket`; null: it is encrypted or closed, or koffi is missing. */
export function fileWay(socket: Socket): Native | null {
  // Encrypted, the descriptor is there, and must not be written to.
  if ("encrypted" in socket || descriptorOf(socket) < 0) return null;
  return native();
}

const position = new BigInt64Array(1);

/** See StreamSocket.sendFile. */
export function sendFile(
  to: FileTarget,
  head: Uint8Array | null,
  piece: FilePiece,
  done: Done,
): number {
  const { calls, socket } = to;
  const { fd, offset, length, isWarm } = piece;
  if (!isWarm && !isInMemory(calls, fd, offset, length)) return COLD;
  let sent = 0;
  if (head !== null) sendHead(to, head);
  if (socket.writableLength === 0) {
    position[0] = BigInt(offset);
    // Until the kernel takes no more: while it takes a little, the bite would be taken, too, and
    // nobody be waited for, burst for burst (1.7 times the calls for 100 MB). Whatever else is
    // wrong (the peer gone, no such way for this file), the bite meets it by the plain way.
    let taken: number;
    do {
      taken = calls.sendfile(descriptorOf(socket), fd, position, length - sent);
      sent += Math.max(0, taken);
    } while (taken > 0 && sent < length);
  }
  if (sent === length) return sent;
  if (sent < FAST_BYTES) return sent + sendBite(to, piece, sent, done);
  setTimeout(() => done(socket.destroyed ? new Error("the connection is closed") : null), NAP_MS);
  return sent;
}

/** With MSG_MORE, so that it leaves in one packet with the file's first bytes. */
function sendHead({ calls, socket, writer }: FileTarget, head: Uint8Array): void {
  let sent = 0;
  if (socket.writableLength === 0) {
    const flags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;
    sent = Math.max(0, calls.send(descriptorOf(socket), head, head.length, flags));
  }
  if (sent < head.length) writer.write(head.subarray(sent));
}

/** Writes a little of what follows the first `sent` bytes of `piece`. Returns how much. */
function sendBite({ writer }: FileTarget, piece: FilePiece, sent: number, done: Done): number {
  const bite = bites.pop() ?? Buffer.allocUnsafeSlow(BITE_BYTES);
  const wanted = Math.min(bite.length, piece.length - sent);
  // The whole piece is in memory: this does not wait.
  const got = readSync(piece.fd, bite, 0, wanted, piece.offset + sent);
  if (got === 0) {
    give(bite);
    if (sent > 0) setImmediate(done);
    return 0;
  }
  writer.write(bite.subarray(0, got), (error) => {
    give(bite);
    done(error);
  });
  return got;
}

const bites: Buffer[] = [];

function give(bite: Buffer): void {
  if (bites.length < BITES_KEPT_MAX) bites.push(bite);
}
