// The places of workers. A place has two seats, numbers of what a thread has in shared memory: one
// who is relieved is there together with the successor for a while, and what is counted for the one
// is not the other's.
import { WorkerGone } from "./messages.ts";
import type { WorkerThread } from "./worker-thread.ts";

const RETRY_MS_FIRST = 100;
const RETRY_MS_MAX = 30_000;

/** A worker in its place. */
export interface PooledWorker {
  readonly index: number;
  readonly threadId: number;
  readonly startedMs: number;
  /** How often its place was filled anew. */
  readonly restarts: number;
  ask(order: unknown): Promise<unknown>;
}

export interface Seated {
  readonly thread: WorkerThread;
  readonly seat: number;
}

export interface Place {
  readonly index: number;
  holder: Seated | null;
  /** Who was relieved, and has not ended yet. */
  leaving: Seated | null;
  working: boolean;
  isRenewed: boolean;
  restarts: number;
  retryMs: number;
}

/** How many seats the places of `workers` have. */
export function seatsOf(workers: number): number {
  return 2 * workers;
}

export function seen({ index, restarts }: Place, { thread }: Seated): PooledWorker {
  const { threadId, startedMs } = thread;
  return { index, threadId, startedMs, restarts, ask: (order) => thread.ask(order) };
}

export async function answersOf(
  threads: readonly WorkerThread[],
  order: unknown,
): Promise<unknown[]> {
  const answers = await Promise.all(
    threads.map(async (thread) => {
      try {
        return [await thread.ask(order)];
      } catch (error) {
        if (error instanceof WorkerGone) return [];
        throw error;
      }
    }),
  );
  return answers.flat();
}

/** At once after a first death, then later and later. */
export function nextRetry(beforeMs: number, restarts: number): number {
  if (restarts === 0) return 0;
  return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_FIRST, 2 * beforeMs));
}
