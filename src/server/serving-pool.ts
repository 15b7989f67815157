// What answers requests, as the supervisor sees it: worker threads, or the thread that it is in
// itself. A library serves there by default: handlers given as values can't go to another thread.
import { threadId } from "node:worker_threads";
import { WorkerPool, type PooledWorker, type PoolOptions } from "../runtime/index.ts";
import type { SupervisorSide } from "./library-side.ts";
import type { Note, Order, ServingInit } from "./orders.ts";
import { ServingLoop } from "./serving-loop.ts";

const ENTRY = new URL(
  import.meta.url.endsWith(".ts") ? "./worker-main.ts" : "./worker-main.js",
  import.meta.url,
);

type Asked =
  | "all"
  | "everyone"
  | "left"
  | "renew"
  | "start"
  | "stopReplacing"
  | "stuckMs"
  | "tell"
  | "terminate"
  | "workers";

export type ServingPool = Pick<WorkerPool<ServingInit>, Asked>;

/** What serves for a supervisor with these `options`. */
export function servingPool(
  { entry = ENTRY, library }: SupervisorSide,
  options: Omit<PoolOptions<ServingInit>, "entry">,
): ServingPool {
  if (library?.isLocal !== true) return new WorkerPool({ entry, ...options });
  const local = new LocalPool(options);
  library.onLocal?.(() => local.loop);
  return local;
}

/**
 * One worker that is no thread. Orders and notes come as they would from one, not within the call
 * that sends them. Nobody watches its loop: what stops it stops the caller's own.
 */
export class LocalPool implements ServingPool {
  readonly #options: PoolsOwner;
  readonly #startedMs = Date.now();
  #loop: ServingLoop | null = null;

  constructor(options: PoolsOwner) {
    this.#options = options;
  }

  set stuckMs(_ms: number) {}

  /** What answers; null before the start, and behind the end. */
  get loop(): ServingLoop | null {
    return this.#loop;
  }

  get workers(): PooledWorker[] {
    const loop = this.#loop;
    if (loop === null) return [];
    const ask = async (order: unknown): Promise<unknown> => loop.carryOut(order as Order);
    return [{ index: 0, threadId, startedMs: this.#startedMs, restarts: 0, ask }];
  }

  async start(): Promise<void> {
    const { init, onSpawn, onNote } = this.#options;
    onSpawn(threadId);
    const note = (one: Note): void => queueMicrotask(() => onNote(threadId, one));
    this.#loop = await ServingLoop.begin(init(0), 0, note);
  }

  async all(order: unknown): Promise<unknown[]> {
    return Promise.all(this.workers.map((worker) => worker.ask(order)));
  }

  everyone(order: unknown): Promise<unknown[]> {
    return this.all(order);
  }

  /** Nobody else can have its place. */
  async renew(): Promise<void> {}

  async left(): Promise<void> {}

  tell(_threadId: number, order: unknown): void {
    queueMicrotask(() => void this.#loop?.carryOut(order as Order));
  }

  stopReplacing(): void {}

  async terminate(): Promise<void> {
    const loop = this.#loop;
    if (loop === null) return;
    this.#loop = null;
    await loop.close();
    this.#options.onEnd(threadId, 0);
  }
}

type PoolsOwner = Pick<PoolOptions<ServingInit>, "init" | "onEnd" | "onNote" | "onSpawn">;
