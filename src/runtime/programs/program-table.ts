// What a worker's programs leave behind when their worker dies: processes and descriptors, which
// are nobody's any more. All of them stand in memory that the main thread sees, in a row a program.
// The C library writes them there itself, so that there is no moment at which one is not listed.
import { libc } from "./libc.ts";
import { signalGroup } from "./group.ts";

/** Programs of one worker at once. */
const ROWS = 512;
const ROW = 8;

/** Places of a row; 0: none. */
export const PID = 0;
/** Two each: a pipe's reading end, then its writing end. */
export const OUTPUT = 1;
export const COMPLAINTS = 3;
export const INPUT = 5;
const DESCRIPTORS = [1, 2, 3, 4, 5];

// A group that is asked to end has as long as one that a worker ends.
const LOOK_MS = 20;
const LOOKS_BEFORE_KILL = 20;
const LOOKS_AFTER_KILL = 10;

export type ProgramRow = Int32Array<SharedArrayBuffer>;

export function programsMemory(workers: number): ProgramRow {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * ROW * ROWS * workers));
}

/** A worker's own part of the memory. */
export class ProgramTable {
  readonly #free: ProgramRow[] = [];

  constructor(memory: ProgramRow, worker: number) {
    const own = programsOf(memory, worker);
    for (let at = own.length - ROW; at >= 0; at -= ROW) this.#free.push(own.subarray(at, at + ROW));
  }

  /** Null: too many run. */
  take(): ProgramRow | null {
    return this.#free.pop() ?? null;
  }

  free(row: ProgramRow): void {
    row.fill(0);
    this.#free.push(row);
  }
}

/** Closes what is at `place`. Out of the row first: better one left open than closed twice. */
export function closeAt(row: ProgramRow, place: number): void {
  const fd = row[place]!;
  if (fd === 0) return;
  row[place] = 0;
  libc()!.close(fd);
}

/** A worker's part of the memory. */
export function programsOf(memory: ProgramRow, worker: number): ProgramRow {
  return memory.subarray(worker * ROWS * ROW, (worker + 1) * ROWS * ROW);
}

/**
 * Ends and reaps the programs of one worker, or of all, whose threads have ended, and closes what
 * they had open for them. They have a moment to end by themselves, until `hurry` is aborted. For
 * the main thread. Resolves when they are gone, or were killed and are another's to reap.
 */
export async function endPrograms(memory: ProgramRow, hurry: AbortSignal): Promise<void> {
  const pids: number[] = [];
  // At once, as a worker's successor has the same rows.
  for (let at = 0; at < memory.length; at += ROW) {
    const row = memory.subarray(at, at + ROW);
    for (const place of DESCRIPTORS) closeAt(row, place);
    if (row[PID] !== 0) pids.push(row[PID]!);
    row[PID] = 0;
  }
  for (const pid of pids) signalGroup(pid, "SIGTERM");
  await Promise.all(pids.map((pid) => gone(pid, hurry)));
}

/** Resolves when a group that was told to end is gone, or was killed after so many looks. */
async function gone(pid: number, hurry: AbortSignal): Promise<void> {
  let looksLeft = LOOKS_BEFORE_KILL;
  let isKilled = false;
  while (!isGone(pid)) {
    if (!isKilled && (hurry.aborted || looksLeft === 0)) {
      signalGroup(pid, "SIGKILL");
      isKilled = true;
      looksLeft = LOOKS_AFTER_KILL;
    }
    if (looksLeft === 0) return;
    looksLeft -= 1;
    // oxlint-disable-next-line no-await-in-loop -- until it is gone
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Whether nobody of the group is left, once those that are ours are reaped. */
function isGone(pid: number): boolean {
  const calls = libc();
  const status = new Int32Array(1);
  while (calls !== null && calls.reap(-pid, status) > 0);
  return !signalGroup(pid, 0);
}
