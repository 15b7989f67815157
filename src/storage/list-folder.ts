// What is in a folder, for listings. Hidden names and links that lead out are left out, as they are
// not served either.
import { opendir, realpath, stat } from "node:fs/promises";
import { Failure } from "../base/failure.ts";
import type { StorageFailureCode } from "./failures.ts";
import { failureOf, isInside, type Root } from "./open-below.ts";
import { isName, segmentsOf } from "./segments.ts";

/** More is not read; a folder of that size is for programs, not for a page. */
export const LISTED_MAX = 20_000;
const AT_ONCE = 64;

export interface ListedEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** The entries of the folder at `path` below `root`, in no particular order. */
export async function listFolder(
  root: Root,
  path: string,
): Promise<ListedEntry[] | Failure<StorageFailureCode>> {
  const names = segmentsOf(path);
  if (names instanceof Failure) return names;
  try {
    const folder = await realpath([root.folder, ...names].join("/"));
    const top = root.followLinks ? null : await realpath(root.folder);
    if (top !== null && !isInside(top, folder)) return new Failure("forbidden", path);
    return await entriesOf(top, folder);
  } catch (error) {
    return failureOf(error, path);
  }
}

// `top` is what links must not lead out of; null: they may.
async function entriesOf(top: string | null, folder: string): Promise<ListedEntry[]> {
  const entries: (ListedEntry | null)[] = [];
  let batch: Promise<ListedEntry | null>[] = [];
  for await (const { name } of await opendir(folder)) {
    if (!isName(name)) continue;
    batch.push(entryOf(top, folder, name));
    if (batch.length === AT_ONCE) {
      entries.push(...(await Promise.all(batch)));
      batch = [];
    }
    if (entries.length >= LISTED_MAX) break;
  }
  entries.push(...(await Promise.all(batch)));
  return entries.filter((entry) => entry !== null);
}

async function entryOf(
  top: string | null,
  folder: string,
  name: string,
): Promise<ListedEntry | null> {
  const full = `${folder}/${name}`;
  try {
    if (top !== null && !isInside(top, await realpath(full))) return null;
    const stats = await stat(full);
    if (!stats.isFile() && !stats.isDirectory()) return null;
    const kind = stats.isFile() ? "file" : "folder";
    return { name, kind, size: stats.size, mtimeMs: stats.mtimeMs };
  } catch {
    return null; // gone since it was listed, or a link to nowhere
  }
}
