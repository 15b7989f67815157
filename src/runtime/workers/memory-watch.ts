// Bounds what a worker may have: objects and buffers together. V8 bounds the objects alone, and
// near that bound a thread collects without end rather than to stop; so it lies beyond ours, which
// is looked at from outside, where a thread that never waits is seen, too.
import type { ResourceLimits, Worker } from "node:worker_threads";

const LOOK_MS = 250;
const MIB = 1024 * 1024;

/** V8's own bound, as a part of ours: what is allocated between two looks has room. */
const OBJECTS_PART = 1.5;

/** What a worker that may have `bytesMax` is started with. */
export function memoryLimits(bytesMax: number): ResourceLimits {
  if (bytesMax === Infinity) return {};
  return { maxOldGenerationSizeMb: Math.ceil((bytesMax * OBJECTS_PART) / MIB) };
}

/** Looks at `worker` until it ends; `onOver` is told, once, in words. */
export function watchMemory(
  worker: Worker,
  bytesMax: number,
  onOver: (reason: Error) => void,
): void {
  if (bytesMax === Infinity) return;
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const look = async (): Promise<void> => {
    const bytes = await bytesOf(worker); // while it collects, it answers behind that
    if (bytes === null || isOver) return;
    if (bytes <= bytesMax) timer = setTimeout(() => void look(), LOOK_MS).unref();
    else onOver(new Error(`it has more memory than ${Math.round(bytesMax / MIB)} MiB`));
  };
  worker.once("exit", () => {
    isOver = true;
    if (timer !== null) clearTimeout(timer);
  });
  timer = setTimeout(() => void look(), LOOK_MS).unref();
}

/** null: it has ended meanwhile. */
async function bytesOf(worker: Worker): Promise<number | null> {
  try {
    const { used_heap_size: objects, external_memory: buffers } = await worker.getHeapStatistics();
    return objects + buffers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_WORKER_NOT_RUNNING") return null;
    throw error;
  }
}
