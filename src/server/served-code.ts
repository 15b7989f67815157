// The operator's code as the workers have it: what the main thread knows of what they loaded.
//
// One worker loads what changed before the others do, as it may not survive it, and they load the
// very same, whatever is written in the meantime. So does who replaces one of them later.
import { basename } from "node:path";
import { stampOf, WorkerGone, type PooledWorker } from "../runtime/index.ts";
import type { LoadedCode, Loading, Order, Served } from "./orders.ts";

// A thread keeps every module that it ever loaded: then another relieves it.
const GENERATIONS_MAX = 32;
const TOLD_MAX = 10;

/** How the words of a ModuleFailed begin. */
const PLACE = /^(\/.*?)(?::\d+)?: /;

const NOTHING: LoadedCode = { stamps: new Map(), sources: new Map(), generations: 0 };

export class ServedCode {
  #now = NOTHING;
  #next: LoadedCode | null = null;
  #broken: readonly string[] = [];
  /** Each file that a worker is loading, by its thread. */
  readonly #loading = new Map<number, string>();
  readonly #generations = new Map<number, number>();

  /** As it was loaded, for who is to load the same. */
  get sources(): LoadedCode["sources"] {
    return this.#now.sources;
  }

  /** All files of it, and the one for which the last try failed. */
  get files(): string[] {
    return [...this.#now.stamps.keys(), ...this.#broken];
  }

  /** How often a worker loaded something. */
  generationsOf(threadId: number): number {
    return this.#generations.get(threadId) ?? 0;
  }

  /** Whether a worker has loaded so often that another is to relieve it. */
  isWorn(worker: PooledWorker): boolean {
    return this.generationsOf(worker.threadId) >= GENERATIONS_MAX;
  }

  /**
   * Has all `workers` prepare `served`, which is what lies on disk now. Rejects with why not. Where
   * none works, what they died of must not come again: who is next loads what lies there then.
   */
  async prepare(workers: readonly PooledWorker[], served: Served): Promise<void> {
    const [first, ...others] = workers;
    if (first === undefined) {
      this.#next = { ...this.#now, sources: NOTHING.sources };
      return;
    }
    this.#next = await this.#ask(first, { ...served, sources: NOTHING.sources });
    const same = { ...served, sources: this.#next.sources };
    await Promise.all(others.map((worker) => this.#ask(worker, same)));
  }

  /** Has one prepare that is new: it loads what the others have, or is the first to load it. */
  async bring(worker: PooledWorker, served: Served): Promise<void> {
    const loaded = await this.#ask(worker, served);
    if (isUnknown(this.#now)) this.#now = loaded;
  }

  /** What all have loaded by themselves, at the start. */
  async learn(workers: readonly PooledWorker[]): Promise<void> {
    const order: Order = { kind: "code" };
    for (const worker of workers) {
      // oxlint-disable-next-line no-await-in-loop -- there is no hurry
      const loaded = (await worker.ask(order)) as LoadedCode;
      this.#generations.set(worker.threadId, loaded.generations);
      if (isUnknown(this.#now)) this.#now = loaded;
    }
  }

  /** What was prepared is served from now on. Returns what of it has changed. */
  adopt(): string[] {
    this.#broken = [];
    const changed = this.changes();
    this.#now = this.#next ?? this.#now;
    this.#next = null;
    return changed;
  }

  discard(): void {
    this.#next = null;
  }

  /** What of the code is other than it was: as prepared, or else as it lies on disk. */
  changes(): string[] {
    const stampNow = (file: string): string | undefined =>
      this.#next === null || isUnknown(this.#next) ? stampOf(file) : this.#next.stamps.get(file);
    const changed: string[] = [];
    for (const [file, stamp] of this.#now.stamps) {
      const now = stampNow(file);
      if (now !== undefined && now !== stamp) changed.push(`${basename(file)} changed`);
    }
    const more = changed.length - TOLD_MAX;
    if (more > 0) changed.splice(TOLD_MAX, more, `${more} more files changed`);
    return changed;
  }

  receive(threadId: number, { file }: Loading): void {
    if (file === null) this.#loading.delete(threadId);
    else this.#loading.set(threadId, file);
  }

  gone(threadId: number): void {
    this.#generations.delete(threadId);
  }

  /** `error`, with what the thread was loading when it ended; any thread, where none is given. */
  inWords(error: unknown, threadId?: number): Error {
    const loading = threadId === undefined ? [...this.#loading.keys()][0] : threadId;
    const file = loading === undefined ? undefined : this.#loading.get(loading);
    if (loading !== undefined) this.#loading.delete(loading);
    if (!(error instanceof WorkerGone) || file === undefined) return error as Error;
    return new Error(`${file}: the worker that loaded it is gone: ${error.message}`, {
      cause: error,
    });
  }

  async #ask(worker: PooledWorker, served: Served): Promise<LoadedCode> {
    try {
      const order: Order = { kind: "prepare", served };
      const loaded = (await worker.ask(order)) as LoadedCode;
      this.#generations.set(worker.threadId, loaded.generations);
      return loaded;
    } catch (error) {
      const [, file] = PLACE.exec((error as Error).message) ?? [];
      this.#broken = file === undefined ? [] : [file];
      throw this.inWords(error, worker.threadId);
    }
  }
}

/** Nobody has loaded it yet. */
function isUnknown({ sources }: LoadedCode): boolean {
  return sources === NOTHING.sources;
}
