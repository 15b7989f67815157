// The C library, called through koffi: an optional package. Without it, or on a system that is not
// Linux, `native()` is null, and who wanted it takes its plain way.
//
// A call costs 0.15 µs. Loading costs 8 ms, so that it happens when first needed, once a thread.
import { createRequire } from "node:module";
import type * as Koffi from "koffi";
import { ways } from "./ways.ts";

/** What is called. A failed call returns -1; `errno()` tells why. */
export interface Native {
  fcntl(fd: number, command: number, argument: number): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  sendfile(to: number, from: number, offset: BigInt64Array, length: number): number;
  /** cachestat(2): fills `counts`, whose first is the pages that are in memory. */
  cachestat(fd: number, range: BigUint64Array, counts: BigUint64Array): number;
  /** Reads the byte at `offset` over `piece`, if it can without waiting for a disk: preadv2(2). */
  peek(fd: number, offset: number): number;
  /** As `peek`, of up to PIECE_BYTES bytes, to the front of `piece`. */
  pread(fd: number, offset: number, length: number): number;
  /** What `pread` read, until the next. */
  readonly piece: Uint8Array;
  errno(): number;
}

/** What is read at once at most. */
export const PIECE_BYTES = 16 * 1024;

/** Numbers of Linux, the same on every architecture that Node runs on. */
export const F_DUPFD_CLOEXEC = 1030;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const MSG_MORE = 0x8000;
export const EAGAIN = 11;
const RWF_NOWAIT = 8;
const SYS_CACHESTAT = 451;

let loaded: Native | null | undefined;

export function native(): Native | null {
  if (!ways.native) return null;
  if (loaded === undefined) loaded = load();
  return loaded;
}

function load(): Native | null {
  if (process.platform !== "linux") return null;
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof Koffi;
    const libc = koffi.load(null);
    const syscall = libc.func("long syscall(long, int, void *, void *, unsigned int)");
    const preadv2 = libc.func("long preadv2(int, void *, int, long, int)");
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    const place = koffi.address(piece);
    const byteOf = new BigUint64Array([place, 1n]); // iovecs
    const pieceOf = new BigUint64Array([place, 0n]);
    return {
      fcntl: libc.func("int fcntl(int, int, int)"),
      send: libc.func("long send(int, void *, size_t, int)"),
      sendfile: libc.func("long sendfile64(int, int, void *, size_t)"),
      cachestat: (fd, range, counts) => syscall(SYS_CACHESTAT, fd, range, counts, 0) as number,
      peek: (fd, offset) => preadv2(fd, byteOf, 1, offset, RWF_NOWAIT) as number,
      pread: (fd, offset, length) => {
        pieceOf[1] = BigInt(length);
        return preadv2(fd, pieceOf, 1, offset, RWF_NOWAIT) as number;
      },
      piece,
      errno: () => koffi.errno(),
    };
  } catch {
    // Not installed, not built for this machine, or a C library without these: all the same here.
    return null;
  }
}
