// What this part asks of the system, in one place: tests put a double here that refuses, or that
// changes a name between two steps.
import * as fs from "node:fs";
import type { BigIntStats } from "node:fs";
import { promisify } from "node:util";
import { attributeOf, setAttribute } from "./native.ts";

/** Fails as `node:fs` does: by an error with a `code`. */
export interface FileSystem {
  /** `mode`: of a file that is made by it, less the process's umask. */
  open(path: string, flags: number, mode?: number): Promise<number>;
  close(fd: number): Promise<void>;
  /** At once; may take long for the last descriptor of a large file that was deleted. */
  closeSync(fd: number): void;
  fstat(fd: number): Promise<BigIntStats>;
  /** At once: what is open is in the kernel's memory. */
  fstatSync(fd: number): BigIntStats;
  /** Links are followed. */
  stat(path: string): Promise<BigIntStats>;
  /** Links are not followed. */
  lstat(path: string): Promise<BigIntStats>;
  // What follows is done at once: as long as the system takes.
  openSync(path: string, flags: number, mode: number): number;
  writeSync(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number;
  linkSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  /** As `lstat`; undefined where there is nothing. */
  lstatSync(path: string): BigIntStats | undefined;
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
  /** Writes up to `length` bytes of `bytes` from `offset` on. Returns how many were taken. */
  write(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<number>;
  fsync(fd: number): Promise<void>;
  fchmod(fd: number, mode: number): Promise<void>;
  /** Fails where `to` is there: the one way to take a name that no two can take. */
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string, mode: number): Promise<void>;
  rmdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  /** What may still be written to the file system that `path` is on, by who is not root. */
  freeBytesAt(path: string): Promise<number>;
  /** Keeps `value` with the file, as the extended attribute `name`. ENOTSUP where that can't be. */
  setAttribute(path: string, name: string, value: Uint8Array): Promise<void>;
  /** The attribute; null where there is none, or can't be. */
  attributeOf(path: string, name: string): Promise<Uint8Array | null>;
}

const fstatFd = promisify(fs.fstat);
const statPath = promisify(fs.stat);
const statfsPath = promisify(fs.statfs);
const readFd = promisify(fs.read);
const writeFd = promisify(fs.write);
const lstatPath = promisify(fs.lstat);
const mkdirAt = promisify(fs.mkdir);
const rmdirAt = promisify(fs.rmdir);
const readdirAt = promisify(fs.readdir);
const BIG = { bigint: true } as const;
const BIG_OR_NONE = { bigint: true, throwIfNoEntry: false } as const;

export const systemFiles: FileSystem = {
  open: promisify(fs.open),
  close: promisify(fs.close),
  closeSync: fs.closeSync,
  fstat: (fd) => fstatFd(fd, BIG),
  fstatSync: (fd) => fs.fstatSync(fd, BIG),
  stat: (path) => statPath(path, BIG),
  lstat: (path) => lstatPath(path, BIG),
  openSync: fs.openSync,
  writeSync: fs.writeSync,
  linkSync: fs.linkSync,
  unlinkSync: fs.unlinkSync,
  lstatSync: (path) => fs.lstatSync(path, BIG_OR_NONE),
  statSync: (path) => fs.statSync(path, BIG_OR_NONE),
  kindAt: async (path) => (await statfsPath(path)).type,
  realpath: promisify(fs.realpath.native),
  readlink: promisify(fs.readlink),
  read: async (fd, buffer, offset, length, position) =>
    (await readFd(fd, buffer, offset, length, position)).bytesRead,
  write: async (fd, bytes, offset, length, position) =>
    (await writeFd(fd, bytes, offset, length, position)).bytesWritten,
  fsync: promisify(fs.fsync),
  fchmod: promisify(fs.fchmod),
  link: promisify(fs.link),
  rename: promisify(fs.rename),
  unlink: promisify(fs.unlink),
  mkdir: async (path, mode) => {
    await mkdirAt(path, { mode });
  },
  rmdir: (path) => rmdirAt(path),
  readdir: (path) => readdirAt(path),
  freeBytesAt: async (path) => {
    const { bavail, bsize } = await statfsPath(path);
    return bavail * bsize;
  },
  setAttribute,
  attributeOf,
};
