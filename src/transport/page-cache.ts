// Whether a piece of a file is in memory, so that sending it does not wait for a disk, and the loop
// with it.
import type { Native } from "./native.ts";
import { ways } from "./ways.ts";

// A page may be larger on other machines: then more than all is counted as there, never less.
const PAGE_BYTES = 4096;

const range = new BigUint64Array(2);
const counts = new BigUint64Array(5);

/**
 * Whether all of the piece is in memory. Where the system does not tell (Linux before 6.5, a file
 * of somebody else's since 6.14) the answer is no: what is read once more is only slower.
 */
export function isInMemory(calls: Native, fd: number, offset: number, length: number): boolean {
  if (ways.isInMemory !== null) return ways.isInMemory(fd, offset, length);
  const first = Math.floor(offset / PAGE_BYTES);
  const pages = Math.ceil((offset + length) / PAGE_BYTES) - first;
  range[0] = BigInt(offset);
  range[1] = BigInt(length);
  if (calls.cachestat(fd, range, counts) !== 0) return false;
  return Number(counts[0]) >= pages;
}
