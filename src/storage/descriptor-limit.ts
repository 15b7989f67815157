// How many descriptors this process may have. A cache that took them all would leave none for
// connections: the system then drops those that come in, without an answer.
import { readFileSync } from "node:fs";

const KEPT_MAX = 512;

/** What a cache may keep open by default: an eighth of `limit` (null: unknown), at most 512. */
export function openFilesMaxUnder(limit: number | null): number {
  return limit === null ? KEPT_MAX : Math.max(1, Math.min(KEPT_MAX, Math.floor(limit / 8)));
}

/** The soft limit of open files; null where it is unlimited, or can't be asked for. */
export function descriptorLimit(file = "/proc/self/limits"): number | null {
  let text: string;
  try {
    text = readFileSync(file, "latin1");
  } catch {
    return null; // no /proc, or none for us: it is a default that is sought, not a right
  }
  const soft = /^Max open files +(\d+)/mu.exec(text)?.[1];
  return soft === undefined ? null : Number(soft);
}
