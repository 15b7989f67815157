// The pools of a server, on its main thread: what a config asks for is started before anybody is
// served by it, what it asks for no more is ended once nobody is.
import { mkdirSync, rmSync } from "node:fs";
import type { Log } from "../../base/log.ts";
import { PooledProcess } from "./pooled-process.ts";
import { poolKey, poolSocket, type PoolSpec } from "./spec.ts";

/** Requests that came by the config before may still be under way, or wait for their turn. */
const RETIRE_MS = 10_000;

/** What a worker tells of a pool. */
export interface PoolNote {
  /** By `poolKey`. */
  readonly pool: string;
  /** A process that does not end what nobody waits for. */
  readonly index: number;
}

interface Pool {
  readonly spec: PoolSpec;
  readonly processes: readonly PooledProcess[];
}

export class ProcessPools {
  readonly #folder: string;
  readonly #log: Log;
  /** By `poolKey`. */
  readonly #pools = new Map<string, Pool>();
  /** By `poolKey`: what ends soon. */
  readonly #retired = new Map<string, { readonly pool: Pool; readonly late: NodeJS.Timeout }>();
  readonly #ending = new Set<Promise<unknown>>();
  #prepared: ReadonlyMap<string, Pool> | null = null;
  #hasFolder = false;

  /** `folder`: this server's alone; made when it is needed first. */
  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The processes that run, for people. */
  get pids(): readonly number[] {
    const all = this.#all().flatMap(({ processes }) => processes);
    return all.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  /**
   * Starts those of `specs` that do not run. Throws with why one can't be, in words: then those
   * that ran before run, and no others. `adopt` or `discard` has to follow.
   */
  async prepare(specs: readonly PoolSpec[]): Promise<void> {
    const prepared = new Map<string, Pool>();
    this.#prepared = prepared;
    for (const spec of specs) {
      const key = poolKey(spec);
      const known = this.#pools.get(key) ?? this.#revive(key);
      if (known !== undefined) {
        prepared.set(key, known);
        continue;
      }
      this.#makeFolder();
      const pool = this.#poolOf(spec);
      prepared.set(key, pool);
      // oxlint-disable-next-line no-await-in-loop -- nobody is served meanwhile
      const why = await startAll(pool);
      if (why === null) continue;
      await this.discard();
      throw new Error(`${spec.name}: ${why}`);
    }
  }

  /** What was prepared is what there is; the others end when nobody can be served by them. */
  adopt(): void {
    const prepared = this.#prepared;
    if (prepared === null) return;
    this.#prepared = null;
    for (const [key, pool] of this.#pools) {
      if (prepared.has(key)) continue;
      this.#pools.delete(key);
      const late = setTimeout(() => {
        this.#retired.delete(key);
        this.#end(pool, RETIRE_MS);
      }, RETIRE_MS);
      this.#retired.set(key, { pool, late });
    }
    for (const [key, pool] of prepared) this.#pools.set(key, pool);
  }

  /** What was prepared is not wanted. */
  async discard(): Promise<void> {
    const prepared = [...(this.#prepared ?? [])];
    this.#prepared = null;
    for (const [key, pool] of prepared) if (!this.#pools.has(key)) this.#end(pool, 0);
    await Promise.all(this.#ending);
  }

  receive({ pool, index }: PoolNote): void {
    const process = this.#pools.get(pool)?.processes[index];
    if (process === undefined) return;
    this.#log.warn(`${this.#pools.get(pool)!.spec.name} ${index + 1} hangs and is ended`);
    process.replace();
  }

  /** Ends all, those that do not want to after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    for (const { late } of this.#retired.values()) clearTimeout(late);
    const all = new Set([...this.#all(), ...(this.#prepared?.values() ?? [])]);
    this.#pools.clear();
    this.#retired.clear();
    this.#prepared = null;
    for (const pool of all) this.#end(pool, graceMs);
    await Promise.all(this.#ending);
    if (this.#hasFolder) rmSync(this.#folder, { recursive: true, force: true });
  }

  #all(): Pool[] {
    return [...this.#pools.values(), ...[...this.#retired.values()].map(({ pool }) => pool)];
  }

  /** What was to end, and is asked for again. */
  #revive(key: string): Pool | undefined {
    const retired = this.#retired.get(key);
    if (retired === undefined) return undefined;
    clearTimeout(retired.late);
    this.#retired.delete(key);
    this.#pools.set(key, retired.pool);
    return retired.pool;
  }

  #poolOf(spec: PoolSpec): Pool {
    const processes = Array.from(
      { length: spec.workers },
      (_, index) =>
        new PooledProcess(spec, index, poolSocket(this.#folder, spec, index), this.#log),
    );
    return { spec, processes };
  }

  #end({ processes }: Pool, graceMs: number): void {
    const ending = Promise.all(processes.map((process) => process.end(graceMs)));
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }

  #makeFolder(): void {
    if (this.#hasFolder) return;
    // What a server that was killed has left there is nobody's.
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { mode: 0o700 });
    this.#hasFolder = true;
  }
}

async function startAll({ processes }: Pool): Promise<string | null> {
  for (const process of processes) {
    // oxlint-disable-next-line no-await-in-loop -- where the first can't be started, no other can
    const why = await process.start();
    if (why !== null) return why;
  }
  return null;
}
