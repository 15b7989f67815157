// What is in a folder, for listings. Hidden names and links that lead out are left out, as they are
// not served either. The folder is opened first and its entries are asked for by that descriptor,
// so that a link swapped in for it meanwhile shows nothing.
//
// To list 100 files by the thread pool costs 1.0 ms, 0.6 where each is looked at at once: that is
// done in a folder on this machine that was listed lately, as the kernel has it in memory
// (docs/decisions/0017-a-look-at-a-local-name-does-not-wait.md).
import { constants, lstatSync, type BigIntStats, type Dirent, type Stats } from "node:fs";
import { lstat, opendir, realpath, stat } from "node:fs/promises";
import type { Clock } from "../base/clock.ts";
import { Failure } from "../base/failure.ts";
import { failureOf, type StorageFailureCode } from "./failures.ts";
import { systemFiles } from "./file-system.ts";
import { LocalDevices } from "./local-devices.ts";
import { isInside, openPlace, placeBelow, type Root } from "./open-below.ts";
import { isName } from "./segments.ts";

/** More is not read; a folder of that size is for programs, not for a page. */
export const LISTED_MAX = 100_000;
const AT_ONCE = 64;
const AT_HAND_MS = 10_000;
const FOLDERS_KNOWN_MAX = 1000;

export interface ListedEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
}

export class FolderLister {
  readonly #clock: Clock;
  readonly #devices = new LocalDevices(systemFiles);
  /** When folders were listed last, by device and inode. */
  readonly #listedMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The first `LISTED_MAX` entries of the folder at `path` below `root`, in no order. */
  async list(root: Root, path: string): Promise<ListedEntry[] | Failure<StorageFailureCode>> {
    try {
      const place = await placeBelow(root, path, systemFiles);
      if (place instanceof Failure) return place;
      const { real, top } = place;
      return await openPlace(place, constants.O_DIRECTORY, systemFiles, async (fd, stats) => {
        const atHand = await this.#isAtHand(stats, real);
        return entriesOf(top, await pathOf(fd, real), atHand);
      });
    } catch (error) {
      return failureOf(error, path);
    }
  }

  async #isAtHand({ dev, ino }: BigIntStats, path: string): Promise<boolean> {
    const key = `${dev} ${ino}`;
    const nowMs = this.#clock.monotonicMs();
    const sinceMs = nowMs - (this.#listedMs.get(key) ?? -Infinity);
    if (this.#listedMs.size >= FOLDERS_KNOWN_MAX) this.#listedMs.clear();
    this.#listedMs.set(key, nowMs);
    return sinceMs < AT_HAND_MS && (await this.#devices.has(dev, path));
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
async function entriesOf(
  top: string | null,
  folder: string,
  atHand: boolean,
): Promise<ListedEntry[]> {
  const entries: ListedEntry[] = [];
  let batch: string[] = [];
  const takeBatch = async (): Promise<void> => {
    const found = await Promise.all(batch.map((name) => entryOf(top, folder, name)));
    entries.push(...found.filter((entry) => entry !== null));
    batch = [];
  };
  for await (const entry of await opendir(folder, { bufferSize: AT_ONCE })) {
    const { name } = entry;
    if (!isName(name)) continue;
    const seen = atHand ? fileAtHand(folder, entry) : null;
    if (seen === null) batch.push(name);
    else entries.push(seen);
    if (batch.length === AT_ONCE) await takeBatch();
    if (entries.length >= LISTED_MAX) break;
  }
  await takeBatch();
  return entries.slice(0, LISTED_MAX);
}

/** Null: it is no file, as another file system may be mounted on a folder, or is gone. */
function fileAtHand(folder: string, entry: Dirent): ListedEntry | null {
  if (!entry.isFile()) return null;
  try {
    return listed(entry.name, lstatSync(`${folder}/${entry.name}`));
  } catch {
    return null; // the other way tells what is wrong
  }
}

async function entryOf(
  top: string | null,
  folder: string,
  name: string,
): Promise<ListedEntry | null> {
  const full = `${folder}/${name}`;
  try {
    const stats = await lstat(full);
    if (!stats.isSymbolicLink()) return listed(name, stats);
    const real = await realpath(full);
    if (top !== null && !isInside(top, real)) return null;
    return listed(name, await stat(real));
  } catch (error) {
    failureOf(error, name);
    return null; // gone since it was listed, or a link to nowhere
  }
}

function listed(name: string, stats: Stats): ListedEntry | null {
  if (!stats.isFile() && !stats.isDirectory()) return null;
  const kind = stats.isFile() ? "file" : "folder";
  return { name, kind, size: stats.size, mtimeMs: stats.mtimeMs };
}
