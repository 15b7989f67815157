// What this part asks of the system, in one place: tests put a double here that refuses, or that
// changes a name between two steps.
import { close, closeSync, fstat, fstatSync, open, read, readlink, realpath, stat } from "node:fs";
import type { BigIntStats } from "node:fs";
import { promisify } from "node:util";

/** Fails as `node:fs` does: by an error with a `code`. */
export interface FileSystem {
  open(path: string, flags: number): Promise<number>;
  close(fd: number): Promise<void>;
  /** At once; may take long for the last descriptor of a large file that was deleted. */
  closeSync(fd: number): void;
  fstat(fd: number): Promise<BigIntStats>;
  /** At once: what is open is in the kernel's memory. */
  fstatSync(fd: number): BigIntStats;
  /** Links are followed. */
  stat(path: string): Promise<BigIntStats>;
  /** The system's own: Node's emulation takes `file/` for `file`. */
  realpath(path: string): Promise<string>;
  readlink(path: string): Promise<string>;
  /** Reads into `buffer` from `offset` on. Returns the number of bytes, 0 at the end. */
  read(
    fd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<number>;
}

const fstatFd = promisify(fstat);
const statPath = promisify(stat);
const readFd = promisify(read);

export const systemFiles: FileSystem = {
  open: promisify(open),
  close: promisify(close),
  closeSync,
  fstat: (fd) => fstatFd(fd, { bigint: true }),
  fstatSync: (fd) => fstatSync(fd, { bigint: true }),
  stat: (path) => statPath(path, { bigint: true }),
  realpath: promisify(realpath.native),
  readlink: promisify(readlink),
  read: async (fd, buffer, offset, length, position) =>
    (await readFd(fd, buffer, offset, length, position)).bytesRead,
};
