// The workers of a server. Each has a place; one that dies, or whose loop stands still, is replaced
// in its place, at once the first time, later and later where it dies again and again.
import { Heartbeats, lookMs } from "./heartbeats.ts";
import { WorkerGone, type WorkerStart } from "./messages.ts";
import { WorkerThread, type WorkerEvents } from "./worker-thread.ts";

// A worker that lived so long has not died of its start.
const SOUND_MS = 10_000;
const RETRY_MS_FIRST = 100;
const RETRY_MS_MAX = 30_000;

export interface PoolOptions<Init> {
  /** The module that calls `serveOrders`. */
  readonly entry: URL;
  readonly count: number;
  /** A loop that does not turn for so long is replaced. */
  readonly stuckMs: number;
  /** What a worker may have of memory that begins now; left out: without bound. */
  readonly memoryBytesMax?: () => number;
  /** What a worker of this place is started with, as things are now. */
  init(index: number): Init;
  /** Brings a replacement to where the others are. It counts among them when this resolves. */
  prepare(worker: PooledWorker): Promise<void>;
  /** A thread begins: its id is nobody else's, before or after. */
  onSpawn(threadId: number): void;
  onNote(threadId: number, note: unknown): void;
  /** A thread has ended, for whatever reason. */
  onEnd(threadId: number): void;
  /** A worker is gone that was not asked to go; `retryMs` until its place is filled. */
  onDeath(index: number, why: Error, retryMs: number): void;
}

/** A worker in its place. */
export interface PooledWorker {
  readonly index: number;
  readonly threadId: number;
  readonly startedMs: number;
  /** How often its place was filled anew. */
  readonly restarts: number;
  ask(order: unknown): Promise<unknown>;
}

interface Place {
  thread: WorkerThread | null;
  working: boolean;
  restarts: number;
  retryMs: number;
}

export class WorkerPool<Init> {
  readonly #options: PoolOptions<Init>;
  readonly #heartbeats: Heartbeats;
  readonly #places: Place[] = [];
  readonly #retries = new Set<NodeJS.Timeout>();
  #watch: NodeJS.Timeout | null = null;
  #stuckMs: number;
  #stopping = false;

  constructor(options: PoolOptions<Init>) {
    this.#options = options;
    this.#stuckMs = options.stuckMs;
    this.#heartbeats = new Heartbeats(options.count);
    for (let index = 0; index < options.count; index += 1) {
      this.#places.push({ thread: null, working: false, restarts: 0, retryMs: 0 });
    }
  }

  /** Those that take orders now. */
  get workers(): PooledWorker[] {
    return this.#places.flatMap((place, index) => (place.working ? [this.#seen(index)] : []));
  }

  /** Resolves when all workers take orders; rejects with why one does not. */
  async start(): Promise<void> {
    for (const index of this.#places.keys()) this.#spawn(index);
    await Promise.all(this.#places.map((place) => place.thread!.ready));
    for (const place of this.#places) place.working = true;
    this.#lookOnward();
  }

  /** All answers, in the order of places. A worker that dies before it answers is left out. */
  async all(order: unknown): Promise<unknown[]> {
    const asked = this.#places.flatMap(({ thread, working }) => (working ? [thread!] : []));
    const answers = await Promise.all(
      asked.map(async (thread) => {
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

  /** Tells one thread, if it lives, something that is not answered. */
  tell(threadId: number, order: unknown): void {
    for (const { thread } of this.#places) if (thread?.threadId === threadId) thread.tell(order);
  }

  /** From the next look on. */
  set stuckMs(ms: number) {
    this.#stuckMs = ms;
  }

  /** No worker is replaced any more. */
  stopReplacing(): void {
    this.#stopping = true;
    if (this.#watch !== null) clearTimeout(this.#watch);
    for (const retry of this.#retries) clearTimeout(retry);
  }

  /** Ends all threads, whatever they do. */
  async terminate(): Promise<void> {
    this.stopReplacing();
    await Promise.all(this.#places.map(async ({ thread }) => thread?.terminate()));
  }

  #seen(index: number): PooledWorker {
    const { thread, restarts } = this.#places[index]!;
    const { threadId, startedMs } = thread!;
    return { index, threadId, startedMs, restarts, ask: (order) => thread!.ask(order) };
  }

  #spawn(index: number): void {
    const place = this.#places[index]!;
    this.#heartbeats.restart(index);
    const start: WorkerStart<Init> = {
      index,
      beats: this.#heartbeats.beats,
      init: this.#options.init(index),
    };
    const events: WorkerEvents = {
      onNote: (note) => this.#options.onNote(thread.threadId, note),
      onEnd: (error) => {
        this.#options.onEnd(thread.threadId);
        this.#onEnd(index, error);
      },
    };
    const memoryBytesMax = this.#options.memoryBytesMax?.() ?? Infinity;
    const thread = new WorkerThread(this.#options.entry, start, events, memoryBytesMax);
    place.thread = thread;
    this.#options.onSpawn(thread.threadId);
  }

  #onEnd(index: number, error: Error | null): void {
    const place = this.#places[index]!;
    const { thread, working } = place;
    place.thread = null;
    place.working = false;
    if (this.#stopping || (!working && place.restarts === 0)) return; // `start` tells of it
    const livedMs = Date.now() - thread!.startedMs;
    place.retryMs = livedMs > SOUND_MS ? 0 : nextRetry(place.retryMs, place.restarts);
    this.#options.onDeath(index, error ?? new Error("it ended by itself"), place.retryMs);
    const retry = setTimeout(() => {
      this.#retries.delete(retry);
      void this.#replace(index);
    }, place.retryMs);
    this.#retries.add(retry);
  }

  async #replace(index: number): Promise<void> {
    const place = this.#places[index]!;
    place.restarts += 1;
    this.#spawn(index);
    const thread = place.thread!;
    try {
      await thread.ready;
      await this.#options.prepare(this.#seen(index));
      place.working = place.thread === thread;
    } catch (error) {
      // A thread that is gone has told so by its end.
      if (!thread.ended) await thread.terminate(error as Error);
    }
  }

  #lookOnward(): void {
    this.#watch = setTimeout(() => {
      for (const [index, place] of this.#places.entries()) {
        const { thread } = place;
        if (thread === null || !thread.isReady || !this.#heartbeats.isStuck(index)) continue;
        const seconds = this.#stuckMs / 1000;
        void thread.terminate(new Error(`its loop has not turned for ${seconds} s`));
      }
      if (!this.#stopping) this.#lookOnward();
    }, lookMs(this.#stuckMs)).unref();
  }
}

/** At once after a first death, then later and later. */
function nextRetry(beforeMs: number, restarts: number): number {
  if (restarts === 0) return 0;
  return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_FIRST, 2 * beforeMs));
}
