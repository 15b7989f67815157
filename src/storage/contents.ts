// The bytes of small files. A file that is written while it is read must not be kept half old, half
// new: what was seen of it before and after must agree. One that never stands still is not kept.
import type { BigIntStats } from "node:fs";
import type { FileSystem } from "./file-system.ts";
import { isSame } from "./open-file.ts";

/** Files up to this are held in memory as a whole. */
export const BYTES_KEPT_MAX = 64 * 1024;

const READ_ATTEMPTS = 3;

/** What was seen of the open file, and its bytes as they were then; null: not held in memory. */
export async function contentsOf(
  fd: number,
  stats: BigIntStats,
  system: FileSystem,
): Promise<{ seen: BigIntStats; bytes: Uint8Array | null }> {
  let seen = stats;
  for (let attempt = 0; attempt < READ_ATTEMPTS && seen.size <= BYTES_KEPT_MAX; attempt += 1) {
    // Of its own: a piece of a shared pool would keep the pool alive with it.
    const bytes = Buffer.allocUnsafeSlow(Number(seen.size));
    const got = await readWhole(fd, bytes, system);
    const after = await system.fstat(fd);
    if (got === bytes.length && isSame(seen, after)) return { seen, bytes };
    seen = after;
  }
  return { seen, bytes: null };
}

async function readWhole(fd: number, bytes: Uint8Array, system: FileSystem): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const got = await system.read(fd, bytes, done, bytes.length - done, done);
    if (got === 0) break;
    done += got;
  }
  return done;
}
