// What this part asks of the system, in one place: tests put a double here that refuses, or that
// changes a name between two steps.
import * as fs from "node:fs";
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
  /** At once; undefined where there is nothing. Waits as long as the file system does. */
  statSync(path: string): BigIntStats | undefined;
  /** The kind of the file system that `path` is on, as statfs(2) numbers them. */
  kindAt(path: string): Promise<number>;
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

const fstatFd = promisify(fs.fstat);
const statPath = promisify(fs.stat);
const statfsPath = promisify(fs.statfs);
const readFd = promisify(fs.read);
const BIG = { bigint: true } as const;
const BIG_OR_NONE = { bigint: true, throwIfNoEntry: false } as const;

export const systemFiles: FileSystem = {
  open: promisify(fs.open),
  close: promisify(fs.close),
  closeSync: fs.closeSync,
  fstat: (fd) => fstatFd(fd, BIG),
  fstatSync: (fd) => fs.fstatSync(fd, BIG),
  stat: (path) => statPath(path, BIG),
  statSync: (path) => fs.statSync(path, BIG_OR_NONE),
  kindAt: async (path) => (await statfsPath(path)).type,
  realpath: promisify(fs.realpath.native),
  readlink: promisify(fs.readlink),
  read: async (fd, buffer, offset, length, position) =>
    (await readFd(fd, buffer, offset, length, position)).bytesRead,
};
