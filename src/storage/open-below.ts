// Finds and opens what a path names below a root:
//
//   where does it lead? → inside, or forbidden → file, folder, or forbidden → open → is it inside?
//
// A link may be swapped in between any two steps. So what was opened tells itself where it is, and
// nothing that was found before counts but for one thing: pipes and devices are never opened.
import { constants, type BigIntStats } from "node:fs";
import { sep } from "node:path";
import { Failure } from "../base/failure.ts";
import { contentsOf } from "./contents.ts";
import { failureOf, type StorageFailureCode } from "./failures.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { FolderEntry, NO_DESCRIPTOR, OpenFile } from "./open-file.ts";
import { segmentsOf } from "./segments.ts";

/** A folder that is served. The cache knows it as this very object: see `OpenFileCache.root`. */
export interface Root {
  /** Absolute. It may be a link, and be pointed elsewhere while the server runs. */
  readonly folder: string;
  /** Links may lead out of it. */
  readonly followLinks: boolean;
  /** A folder, absolute and real, of which nothing is shown; left out: none. */
  readonly hidden?: string | undefined;
}

/** What a path names: a file (retained for whoever asked), a folder, or why it is neither. */
export type Lookup = OpenFile | FolderEntry | Failure<StorageFailureCode>;

// Without O_NONBLOCK a pipe that was swapped in would hold a thread until somebody writes to it.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

/** Where a path led when it was looked at. */
interface Place {
  /** Absolute, without links. */
  readonly real: string;
  /** The folder that it must not leave; null: it may lead anywhere. */
  readonly top: string | null;
}

/** Opens `path` (decoded, without leading slash) below `root`; `closeFd` closes it in the end. */
export async function openBelow(
  root: Root,
  path: string,
  system: FileSystem = systemFiles,
  closeFd?: (fd: number) => void,
): Promise<Lookup> {
  try {
    const place = await placeBelow(root, path, system);
    if (place instanceof Failure) return place;
    const before = await system.stat(place.real);
    if (before.isDirectory()) return new FolderEntry(place.real, Number(before.mtimeMs));
    if (!before.isFile()) return new Failure("forbidden", `${path} is no regular file`);
    return await openPlace(place, 0, system, async (fd, stats) => {
      if (!stats.isFile()) return new Failure("forbidden", `${path} is no regular file`);
      const { seen, bytes } = await contentsOf(fd, stats, system);
      // What is in memory needs its descriptor no more: others do.
      const kept = bytes === null ? fd : NO_DESCRIPTOR;
      return new OpenFile(kept, pathBelow(root, path), seen, bytes, closeFd);
    });
  } catch (error) {
    return failureOf(error, path);
  }
}

/** Where `path` leads. Throws as the system does where it leads nowhere. */
export async function placeBelow(
  root: Root,
  path: string,
  system: FileSystem,
): Promise<Place | Failure<StorageFailureCode>> {
  const names = segmentsOf(path);
  if (names instanceof Failure) return names;
  const real = await system.realpath(pathBelow(root, path));
  if (root.hidden !== undefined && isInside(root.hidden, real)) {
    return new Failure("notFound", `${path} is the server's own`);
  }
  if (root.followLinks) return { real, top: null };
  const top = await system.realpath(root.folder);
  return isInside(top, real) ? { real, top } : leadsOut(path);
}

/**
 * Opens `place` and hands it to `use`, if that is still where it was. It is closed unless `use`
 * makes an `OpenFile` of the descriptor.
 */
export async function openPlace<T>(
  { real, top }: Place,
  flags: number,
  system: FileSystem,
  use: (fd: number, stats: BigIntStats) => Promise<T>,
): Promise<T | Failure<StorageFailureCode>> {
  const fd = await system.open(real, FLAGS | flags);
  let kept = false;
  try {
    const stats = await system.fstat(fd);
    if (top !== null && !isInside(top, await whereIs(fd, stats, real, system))) {
      return leadsOut(real);
    }
    const used = await use(fd, stats);
    kept = used instanceof OpenFile && used.fd === fd;
    return used;
  } finally {
    if (!kept) await system.close(fd);
  }
}

/** Where the system says that `fd` is; "" where that can't be said. */
async function whereIs(
  fd: number,
  stats: BigIntStats,
  real: string,
  system: FileSystem,
): Promise<string> {
  try {
    return await system.readlink(`/proc/self/fd/${fd}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  // Without /proc the name is asked again: it must still lead to what was opened.
  const again = await system.realpath(real);
  const { ino, dev } = await system.stat(again);
  return ino === stats.ino && dev === stats.dev ? again : "";
}

/** Whether `path` is `folder` or below it; both absolute and real. */
export function isInside(folder: string, path: string): boolean {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path === folder || path.startsWith(start);
}

function leadsOut(path: string): Failure<"forbidden"> {
  return new Failure("forbidden", `${path} leads out of the folder`);
}

function pathBelow(root: Root, path: string): string {
  return `${root.folder}/${path}`;
}
