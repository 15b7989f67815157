// What is in a folder, for listings. Hidden names and links that lead out are left out, as they are
// not served either. The folder is opened first and its entries are asked for by that descriptor,
// so that a link swapped in for it meanwhile shows nothing.
import { constants } from "node:fs";
import { lstat, opendir, realpath, stat } from "node:fs/promises";
import { Failure } from "../base/failure.ts";
import { failureOf, type StorageFailureCode } from "./failures.ts";
import { systemFiles } from "./file-system.ts";
import { isInside, openPlace, placeBelow, type Root } from "./open-below.ts";
import { isName } from "./segments.ts";

/** More is not read; a folder of that size is for programs, not for a page. */
export const LISTED_MAX = 100_000;
const AT_ONCE = 64;

export interface ListedEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** The first `LISTED_MAX` entries of the folder at `path` below `root`, in no particular order. */
export async function listFolder(
  root: Root,
  path: string,
): Promise<ListedEntry[] | Failure<StorageFailureCode>> {
  try {
    const place = await placeBelow(root, path, systemFiles);
    if (place instanceof Failure) return place;
    const { real, top } = place;
    return await openPlace(place, constants.O_DIRECTORY, systemFiles, async (fd) =>
      entriesOf(top, await pathOf(fd, real)),
    );
  } catch (error) {
    return failureOf(error, path);
  }
}

/** A path to the open folder that holds whatever its name leads to; its name without /proc. */
async function pathOf(fd: number, real: string): Promise<string> {
  const path = `/proc/self/fd/${fd}`;
  return stat(path).then(
    () => path,
    () => real,
  );
}

// `top` is what links must not lead out of; null: they may.
async function entriesOf(top: string | null, folder: string): Promise<ListedEntry[]> {
  const entries: ListedEntry[] = [];
  let batch: string[] = [];
  const takeBatch = async (): Promise<void> => {
    const found = await Promise.all(batch.map((name) => entryOf(top, folder, name)));
    entries.push(...found.filter((entry) => entry !== null));
    batch = [];
  };
  for await (const { name } of await opendir(folder)) {
    if (isName(name)) batch.push(name);
    if (batch.length === AT_ONCE) await takeBatch();
    if (entries.length >= LISTED_MAX) break;
  }
  await takeBatch();
  return entries.slice(0, LISTED_MAX);
}

async function entryOf(
  top: string | null,
  folder: string,
  name: string,
): Promise<ListedEntry | null> {
  const full = `${folder}/${name}`;
  try {
    let stats = await lstat(full);
    if (stats.isSymbolicLink()) {
      const real = await realpath(full);
      if (top !== null && !isInside(top, real)) return null;
      stats = await stat(real);
    }
    if (!stats.isFile() && !stats.isDirectory()) return null;
    const kind = stats.isFile() ? "file" : "folder";
    return { name, kind, size: stats.size, mtimeMs: stats.mtimeMs };
  } catch (error) {
    failureOf(error, name);
    return null; // gone since it was listed, or a link to nowhere
  }
}
