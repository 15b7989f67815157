// An open-file cache over a temporary folder, whose questions to the system are written down.
import assert from "node:assert/strict";
import { utimes, writeFile } from "node:fs/promises";
import { Failure } from "../base/failure.ts";
import {
  FolderEntry,
  OpenFile,
  OpenFileCache,
  systemFiles,
  type FileSystem,
  type Lookup,
  type Root,
} from "../storage/index.ts";
import { TurnedClock } from "./engine-server.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

const LONG_AGO_S = 1_600_000_000;

export interface CacheBench {
  readonly folder: string;
  readonly root: Root;
  readonly clock: TurnedClock;
  readonly cache: OpenFileCache;
  /** Steps that the cache asked of the system, as "open stat"; a look is a stat at once. */
  readonly asked: () => string;
  /** Writes a file that is old enough to be trusted. */
  write(name: string, content: string): Promise<void>;
  /** What comes of a name, in a word; a file's bytes. Gives the file back. */
  seen(name: string): Promise<string>;
  /** The names of the files that are open. */
  open(): string;
}

/** Lends a cache, which has nothing open behind `close`. */
export async function withCache(
  use: (bench: CacheBench) => Promise<void>,
  system: FileSystem = systemFiles,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const bench = watchedCache(folder, system);
    await use(bench);
    bench.cache.close();
    assert.equal(bench.open(), "");
  });
}

function watchedCache(folder: string, system: FileSystem): CacheBench {
  const asked: string[] = [];
  const open = new Map<number, string>();
  const watched: FileSystem = {
    ...system,
    open: async (path, flags) => {
      asked.push("open");
      const fd = await system.open(path, flags);
      open.set(fd, path.slice(folder.length + 1));
      return fd;
    },
    stat: (path) => (asked.push("stat"), system.stat(path)),
    statSync: (path) => (asked.push("look"), system.statSync(path)),
    close: (fd) => (open.delete(fd), system.close(fd)),
    closeSync: (fd) => (open.delete(fd), system.closeSync(fd)),
  };
  const clock = new TurnedClock();
  const root = { folder, followLinks: false };
  const cache = new OpenFileCache({ clock, system: watched });
  return {
    folder,
    root,
    clock,
    cache,
    asked: () => asked.splice(0).join(" "),
    write: async (name, content) => {
      await writeFile(`${folder}/${name}`, content);
      await utimes(`${folder}/${name}`, LONG_AGO_S, LONG_AGO_S);
    },
    seen: async (name) => wordOf(await cache.lookup(root, name)),
    open: () => [...open.values()].toSorted().join(" "),
  };
}

/** What was found, in a word; a file's bytes. Gives the file back. */
export function wordOf(found: Lookup): string {
  if (found instanceof Failure) return found.code;
  if (found instanceof FolderEntry) return "folder";
  found.release();
  return found.bytes === null ? `${found.size} bytes` : Buffer.from(found.bytes).toString();
}

/** The file of that name, retained. */
export async function fileAt({ cache, root }: CacheBench, name: string): Promise<OpenFile> {
  const found = await cache.lookup(root, name);
  assert.ok(found instanceof OpenFile);
  return found;
}
