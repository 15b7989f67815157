// Opens what a path names below a root. The path is followed by the system, links and all; what was
// opened then tells where it is, so that no link, and no link swapped in meanwhile, leads out:
//
//   open (never blocks on a pipe) → fstat → where is this descriptor? → below the root, or forbidden
import { close, fstat, open, readlink, realpath, stat, read, constants } from "node:fs";
import type { BigIntStats } from "node:fs";
import { sep } from "node:path";
import { promisify } from "node:util";
import { Failure } from "../base/failure.ts";
import type { StorageFailureCode } from "./failures.ts";
import { FolderEntry, OpenFile } from "./open-file.ts";
import { segmentsOf } from "./segments.ts";

/** A folder that is served. */
export interface Root {
  /** Absolute. It may be a link, and be pointed elsewhere while the server runs. */
  readonly folder: string;
  /** Links may lead out of it. */
  readonly followLinks: boolean;
}

/** What a path names: a file (retained for whoever asked), a folder, or why it is neither. */
export type Lookup = OpenFile | FolderEntry | Failure<StorageFailureCode>;

/** Files up to this are held in memory as a whole. */
export const BYTES_KEPT_MAX = 64 * 1024;

const READ_ATTEMPTS = 3;
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

const openFd = promisify(open);
const closeFd = promisify(close);
const readFd = promisify(read);
const whereIs = promisify(readlink);
const realpathOf = promisify(realpath);
const statFd = (fd: number): Promise<BigIntStats> =>
  new Promise((resolve, reject) =>
    fstat(fd, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats))),
  );
/** What a path leads to, links followed. */
export const statPath = (path: string): Promise<BigIntStats> =>
  new Promise((resolve, reject) =>
    stat(path, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats))),
  );

/** Opens `path` (decoded, without leading slash) below `root`. `onClose`: when a file is closed. */
export async function openBelow(root: Root, path: string, onClose?: () => void): Promise<Lookup> {
  const names = segmentsOf(path);
  if (names instanceof Failure) return names;
  const full = [root.folder, ...names].join("/");
  let fd: number;
  try {
    fd = await openFd(full, FLAGS);
  } catch (error) {
    return failureOf(error, path);
  }
  let kept = false;
  try {
    const stats = await statFd(fd);
    if (!root.followLinks && !(await isBelow(root.folder, fd, full, stats))) {
      return new Failure("forbidden", `${path} leads out of the folder`);
    }
    if (stats.isDirectory()) return new FolderEntry(full, Number(stats.mtimeMs));
    if (!stats.isFile()) return new Failure("forbidden", `${path} is no regular file`);
    const { seen, bytes } = await contentsOf(fd, stats);
    kept = bytes === null;
    return new OpenFile(kept ? fd : -1, full, seen, bytes, onClose);
  } finally {
    if (!kept) await closeFd(fd);
  }
}

/** Whether the open file is below `folder` (itself included), wherever its name led. */
async function isBelow(
  folder: string,
  fd: number,
  full: string,
  stats: BigIntStats,
): Promise<boolean> {
  let real: string;
  try {
    real = await whereIs(`/proc/self/fd/${fd}`);
  } catch {
    // Without /proc the name is asked again; it must still lead to what was opened.
    real = await realpathOf(full);
    const again = await statPath(real);
    if (again.ino !== stats.ino || again.dev !== stats.dev) return false;
  }
  return isInside(await realpathOf(folder), real);
}

/** Whether `path` is `folder` or below it; both absolute and real. */
export function isInside(folder: string, path: string): boolean {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path === folder || path.startsWith(start);
}

// A file that is written while it is read must not be kept half old, half new: what was seen of it
// before and after must agree. One that never stands still is sent from the descriptor.
async function contentsOf(
  fd: number,
  stats: BigIntStats,
): Promise<{ seen: BigIntStats; bytes: Uint8Array | null }> {
  let seen = stats;
  for (let attempt = 0; attempt < READ_ATTEMPTS && seen.size <= BYTES_KEPT_MAX; attempt += 1) {
    const bytes = Buffer.allocUnsafeSlow(Number(seen.size));
    const got = await readWhole(fd, bytes);
    const after = await statFd(fd);
    if (got === bytes.length && isSame(seen, after)) return { seen, bytes };
    seen = after;
  }
  return { seen, bytes: null };
}

async function readWhole(fd: number, bytes: Buffer): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await readFd(fd, bytes, done, bytes.length - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

/** Whether two looks saw one file in one state. */
export function isSame(
  a: Pick<BigIntStats, "ino" | "dev" | "size" | "mtimeNs">,
  b: Pick<BigIntStats, "ino" | "dev" | "size" | "mtimeNs">,
): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

const CODES: Readonly<Record<string, StorageFailureCode>> = {
  ENOENT: "notFound",
  ENOTDIR: "notFound",
  ENAMETOOLONG: "notFound",
  EINVAL: "notFound",
  ELOOP: "notFound",
  ENXIO: "forbidden", // a socket
  ENODEV: "forbidden",
  EACCES: "forbidden",
  EPERM: "forbidden",
  EMFILE: "overloaded",
  ENFILE: "overloaded",
};

/** What a system error means to the client; one that nobody foresaw is thrown on. */
export function failureOf(error: unknown, path: string): Failure<StorageFailureCode> {
  const code = CODES[(error as NodeJS.ErrnoException).code ?? ""];
  if (code === undefined) throw error;
  return new Failure(code, path);
}

/**
 * Reads up to `length` bytes of `file` from `offset` into the front of `buffer`. Returns how many;
 * 0 means that the file became shorter.
 */
export async function readSlice(
  file: OpenFile,
  offset: number,
  length: number,
  buffer: Uint8Array,
): Promise<number> {
  if (file.bytes !== null) {
    const piece = file.bytes.subarray(offset, offset + length);
    buffer.set(piece);
    return piece.length;
  }
  const { bytesRead } = await readFd(file.fd, buffer, 0, length, offset);
  return bytesRead;
}
