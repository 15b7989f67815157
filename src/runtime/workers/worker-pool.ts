// The workers of a server. Each has a place; one that dies, or whose loop stands still, is replaced
// in its place, at once the first time, later and later where it dies again and again.
import { Heartbeats, lookMs } from "./heartbeats.ts";
import { WorkerGone, type WorkerStart } from "./messages.ts";
import {
  answersOf,
  nextRetry,
  seatsOf,
  seen,
  type Place,
  type PooledWorker,
  type Seated,
} from "./places.ts";
import { WorkerThread, type WorkerEvents } from "./worker-thread.ts";

// A worker that lived so long has not died of its start.
const SOUND_MS = 10_000;

export interface PoolOptions<Init> {
  /** The module that calls `serveOrders`. */
  readonly entry: URL;
  readonly count: number;
  /** A loop that does not turn for so long is replaced. */
  readonly stuckMs: number;
  /** What a worker may have of memory that begins now; left out: without bound. */
  readonly memoryBytesMax?: () => number;
  /** What a worker of this seat is started with, as things are now. */
  init(seat: number): Init;
  /**
   * Brings a replacement to where the others are. It counts among them when this resolves.
   * `before`: whom it relieves, who still works.
   */
  prepare(worker: PooledWorker, before: PooledWorker | null): Promise<void>;
  /** A thread begins: its id is nobody else's, before or after. */
  onSpawn(threadId: number): void;
  onNote(threadId: number, note: unknown): void;
  /** A thread has ended, for whatever reason. */
  onEnd(threadId: number, seat: number): void;
  /** A worker is gone that was not asked to go; `retryMs` until its place is filled. */
  onDeath(index: number, why: Error, retryMs: number): void;
}

export class WorkerPool<Init> {
  readonly #options: PoolOptions<Init>;
  readonly #heartbeats: Heartbeats;
  readonly #places: Place[] = [];
  readonly #seated = new Set<Seated>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #watch: NodeJS.Timeout | null = null;
  #stuckMs: number;
  #stopping = false;

  constructor(options: PoolOptions<Init>) {
    this.#options = options;
    this.#stuckMs = options.stuckMs;
    this.#heartbeats = new Heartbeats(seatsOf(options.count));
    for (let index = 0; index < options.count; index += 1) {
      const rest = { working: false, isRenewed: false, restarts: 0, retryMs: 0 };
      this.#places.push({ index, holder: null, leaving: null, ...rest });
    }
  }

  /** Those that take orders now. */
  get workers(): PooledWorker[] {
    return this.#places.flatMap((place) => (place.working ? [seen(place, place.holder!)] : []));
  }

  /** Resolves when all workers take orders; rejects with why one does not. */
  async start(): Promise<void> {
    for (const place of this.#places) place.holder = this.#spawn(place, place.index);
    this.#lookOnward();
    await Promise.all(this.#places.map(({ holder }) => holder!.thread.ready));
    for (const place of this.#places) place.working = true;
  }

  /** All answers, in the order of places. A worker that dies before it answers is left out. */
  async all(order: unknown): Promise<unknown[]> {
    return answersOf(this.#working, order);
  }

  /** As `all`, of those that are leaving, too. */
  async everyone(order: unknown): Promise<unknown[]> {
    return answersOf([...this.#working, ...this.#leaving], order);
  }

  /** Tells one thread, if it lives, something that is not answered. */
  tell(threadId: number, order: unknown): void {
    for (const { thread } of this.#seated) if (thread.threadId === threadId) thread.tell(order);
  }

  /** From the next look on. */
  set stuckMs(ms: number) {
    this.#stuckMs = ms;
  }

  /**
   * Has another thread relieve the one that works at `index`: once it works, the one before is
   * asked to `leave`, and ends. Nothing happens where that is under way, or where it is replaced
   * anyway. Rejects with why the other can't work: all is as it was, then.
   */
  async renew(index: number, leave: (worker: PooledWorker) => Promise<void>): Promise<void> {
    const place = this.#places[index]!;
    const before = place.holder;
    if (this.#stopping || before === null || !place.working || place.isRenewed) return;
    place.isRenewed = true;
    try {
      if (await this.#relieve(place, before)) await leave(seen(place, before));
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error;
    } finally {
      if (place.leaving === before) await before.thread.terminate();
      place.isRenewed = false;
    }
  }

  /** False: it died meanwhile, and has another successor. */
  async #relieve(place: Place, before: Seated): Promise<boolean> {
    const next = this.#spawn(place, this.#freeSeat(place));
    try {
      await next.thread.ready;
      await this.#options.prepare(seen(place, next), seen(place, before));
      if (this.#stopping || place.holder !== before) throw new Error("nobody is to be relieved");
    } catch (error) {
      await next.thread.terminate();
      if (place.holder !== before) return false;
      throw error instanceof WorkerGone ? new Error(error.message, { cause: error }) : error;
    }
    place.holder = next;
    place.leaving = before;
    place.restarts += 1;
    return true;
  }

  /** Resolves when all who were relieved have ended. */
  async left(): Promise<void> {
    await Promise.all(this.#leaving.map(({ end }) => end));
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
    await Promise.all(Array.from(this.#seated, ({ thread }) => thread.terminate()));
  }

  get #working(): WorkerThread[] {
    return this.#places.flatMap(({ holder, working }) => (working ? [holder!.thread] : []));
  }

  get #leaving(): WorkerThread[] {
    return this.#places.flatMap(({ leaving }) => (leaving === null ? [] : [leaving.thread]));
  }

  #spawn(place: Place, seat: number): Seated {
    this.#heartbeats.restart(seat);
    const start: WorkerStart<Init> = {
      index: seat,
      beats: this.#heartbeats.beats,
      init: this.#options.init(seat),
    };
    const events: WorkerEvents = {
      onNote: (note) => this.#options.onNote(thread.threadId, note),
      onEnd: (error) => {
        this.#seated.delete(seated);
        this.#options.onEnd(thread.threadId, seat);
        if (place.leaving === seated) place.leaving = null;
        if (place.holder === seated) this.#onDeath(place, seated, error);
      },
    };
    const memoryBytesMax = this.#options.memoryBytesMax?.() ?? Infinity;
    const thread = new WorkerThread(this.#options.entry, start, events, memoryBytesMax);
    const seated = { thread, seat };
    this.#seated.add(seated);
    this.#options.onSpawn(thread.threadId);
    return seated;
  }

  #onDeath(place: Place, { thread }: Seated, error: Error | null): void {
    const { index, working } = place;
    place.holder = null;
    place.working = false;
    if (this.#stopping || (!working && place.restarts === 0)) return; // `start` tells of it
    const livedMs = Date.now() - thread.startedMs;
    place.retryMs = livedMs > SOUND_MS ? 0 : nextRetry(place.retryMs, place.restarts);
    this.#options.onDeath(index, error ?? new Error("it ended by itself"), place.retryMs);
    const retry = setTimeout(() => {
      this.#retries.delete(retry);
      void this.#replace(place);
    }, place.retryMs);
    this.#retries.add(retry);
  }

  async #replace(place: Place): Promise<void> {
    place.restarts += 1;
    const next = this.#spawn(place, this.#freeSeat(place));
    place.holder = next;
    try {
      await next.thread.ready;
      await this.#options.prepare(seen(place, next), null);
      place.working = place.holder === next;
    } catch (error) {
      // A thread that is gone has told so by its end.
      if (!next.thread.ended) await next.thread.terminate(error as Error);
    }
  }

  /** Of a place's two, where one at most is taken. */
  #freeSeat({ index }: Place): number {
    const isTaken = Array.from(this.#seated, ({ seat }) => seat).includes(index);
    return isTaken ? index + this.#places.length : index;
  }

  #lookOnward(): void {
    this.#watch = setTimeout(() => {
      for (const { thread, seat } of this.#seated) {
        if (!thread.hasBegun || !this.#heartbeats.isStuck(seat)) continue;
        const seconds = this.#stuckMs / 1000;
        void thread.terminate(new Error(`its loop has not turned for ${seconds} s`));
      }
      if (!this.#stopping) this.#lookOnward();
    }, lookMs(this.#stuckMs)).unref();
  }
}
