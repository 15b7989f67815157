// A second look at a name, without waiting: 1 µs where the thread pool takes 20 to 30. Only where
// nobody can keep us waiting: on a local file system, and soon after the last look, when the kernel
// still knows the name (docs/decisions/0017-a-look-at-a-local-name-does-not-wait.md).
import type { CacheEntry } from "./cache-entry.ts";
import type { FileSystem } from "./file-system.ts";
import { OpenFile } from "./open-file.ts";

const AT_HAND_MS = 10_000;

/**
 * Whether `entry` is a file that is still what it was, which is then noted: seen at `nowMs`, behind
 * `writes` writes. False also where that can't be said at once.
 */
export function isStill(
  entry: CacheEntry,
  nowMs: number,
  writes: number,
  system: FileSystem,
): boolean {
  const { lookup, settled, lookedMs, pending } = entry;
  if (!(lookup instanceof OpenFile) || !lookup.isLocal || !settled || pending !== null)
    return false;
  if (nowMs - lookedMs > AT_HAND_MS) return false;
  try {
    const seen = system.statSync(lookup.path);
    if (seen === undefined || !lookup.isAt(seen)) return false;
  } catch {
    return false; // opening it tells what is wrong
  }
  lookup.looks += 1;
  entry.lookedMs = nowMs;
  entry.writesSeen = writes;
  return true;
}
