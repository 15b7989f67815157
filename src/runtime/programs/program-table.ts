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

// A group that was told to end has as long as one that a worker ends; then so long again to go.
const LOOK_MS = 20;
const LOOKS_BEFORE_KILL = 20;
const LOOKS_MAX = 50;

export type ProgramRow = Int32Array<SharedArrayBuffer>;

export function programsMemory(workers: number): ProgramRow {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * ROW * ROWS * workers));
}

/** A worker's own part of the memory. */
export class ProgramTable {
  readonly #memory: ProgramRow;
  readonly #free: number[] = [];

  constructor(memory: ProgramRow, worker: number) {
    this.#memory = memory;
    for (let row = ROWS - 1; row >= 0; row -= 1) this.#free.push(ROW * (worker * ROWS + row));
  }

  /** Null: too many run. */
  take(): ProgramRow | null {
    const at = this.#free.pop();
    return at === undefined ? null : this.#memory.subarray(at, at + ROW);
  }

  free(row: ProgramRow): void {
    row.fill(0);
    this.#free.push(row.byteOffset / Int32Array.BYTES_PER_ELEMENT);
  }
}

/** Closes the descriptor at `place`. Out of the row first: better one left open than closed twice. */
export function closeAt(row: ProgramRow, place: number): void {
  const fd = row[place]!;
  if (fd === 0) return;
  row[place] = 0;
  libc()!.close(fd);
}

/**
 * Ends and reaps the programs of a worker whose thread has ended, and closes what it had open for
 * them. For the main thread. Resolves when they are gone, or can't be got rid of.
 */
export async function endProgramsOf(
  memory: ProgramRow,
  worker: number,
  how: "ask" | "kill",
): Promise<void> {
  const pids: number[] = [];
  for (let at = worker * ROWS * ROW; at < (worker + 1) * ROWS * ROW; at += ROW) {
    const row = memory.subarray(at, at + ROW);
    for (const place of DESCRIPTORS) closeAt(row, place);
    if (row[PID] !== 0) pids.push(row[PID]!);
    row.fill(0);
  }
  await Promise.all(pids.map((pid) => endGroup(pid, how)));
}

async function endGroup(pid: number, how: "ask" | "kill"): Promise<void> {
  if (how === "ask") signalGroup(pid, "SIGTERM");
  const killAt = how === "ask" ? LOOKS_BEFORE_KILL : 0;
  for (let look = 0; look < LOOKS_MAX && !isGone(pid); look += 1) {
    if (look === killAt) signalGroup(pid, "SIGKILL");
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
