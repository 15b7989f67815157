// Memory that all workers and the main thread see: the generation of what was written to disk, how
// many connections each client has, which programs run, and a row of counters for each worker,
// which only that worker writes and the main thread adds up.
import { randomBytes } from "node:crypto";
import type { EngineCounters } from "../http/engine/index.ts";
import {
  endPrograms,
  freeLocksOf,
  programsMemory,
  programsOf,
  SharedCounts,
  seatsOf,
  sharedCountsMemory,
  sharedLocksMemory,
} from "../runtime/index.ts";

const COUNTERS = ["accepted", "refused", "requests", "sentBytes", "receivedBytes"] as const;
const CONNECTIONS = COUNTERS.length;
const SECRET_BYTES = 32;
const ROW = COUNTERS.length + 1;

/** Since the server began; a worker that was replaced goes on from what its place had. */
export type Totals = Readonly<Record<(typeof COUNTERS)[number], number>>;

export interface SharedState {
  /** `[0]` grows with each write and delete of ours. */
  readonly generation: Int32Array<SharedArrayBuffer>;
  readonly rows: Float64Array<SharedArrayBuffer>;
  /** How many connections each client has. */
  readonly clients: SharedArrayBuffer;
  /** Who may write a name now. */
  readonly locks: Int32Array<SharedArrayBuffer>;
  /** The programs that each worker runs. */
  readonly programs: Int32Array<SharedArrayBuffer>;
  /** Anew at each start, and told to nobody. */
  readonly secret: Uint8Array;
}

/** Each of `workers` has two seats in it: see `WorkerPool`. */
export function sharedState(workers: number): SharedState {
  const seats = seatsOf(workers);
  return {
    generation: new Int32Array(new SharedArrayBuffer(4)),
    rows: new Float64Array(new SharedArrayBuffer(8 * ROW * seats)),
    clients: sharedCountsMemory(seats),
    locks: sharedLocksMemory(),
    programs: programsMemory(seats),
    secret: randomBytes(SECRET_BYTES),
  };
}

/** The row of a seat. To be made once, when somebody takes it. */
export class CounterRow {
  readonly #row: Float64Array;
  readonly #before: Float64Array;

  constructor({ rows }: SharedState, seat: number) {
    this.#row = rowOf(rows, seat);
    this.#before = this.#row.slice();
  }

  write(counters: EngineCounters, connections: number): void {
    for (const [at, name] of COUNTERS.entries()) {
      this.#row[at] = this.#before[at]! + counters[name];
    }
    this.#row[CONNECTIONS] = connections;
  }
}

/** What worker `index` counted last, with whom it relieved. */
export function countedBy({ rows }: SharedState, index: number): Totals & { connections: number } {
  const workers = rows.length / ROW / 2;
  const [one, other] = [rowOf(rows, index), rowOf(rows, index + workers)];
  const sum = (at: number): number => one[at]! + other[at]!;
  const [accepted, refused, requests, sentBytes, receivedBytes] = COUNTERS.map((_, at) =>
    sum(at),
  ) as [number, number, number, number, number];
  const connections = sum(CONNECTIONS);
  return { accepted, refused, requests, sentBytes, receivedBytes, connections };
}

function rowOf(rows: SharedState["rows"], seat: number): Float64Array {
  return rows.subarray(seat * ROW, (seat + 1) * ROW);
}

/** Who had `seat` is gone, and with it its connections, what it had locked, and its programs. */
export function forgetWorker(shared: SharedState, seat: number): void {
  const { rows, clients, locks, programs } = shared;
  void endPrograms(programsOf(programs, seat), AbortSignal.abort());
  freeLocksOf(locks, seat);
  rows[seat * ROW + CONNECTIONS] = 0;
  new SharedCounts(clients, seat).forgetWorker(seat);
}

/** The programs of workers that have ended: what to do with them when the server ends. */
export class LeftPrograms {
  readonly #memory: SharedState["programs"];
  readonly #hurry = new AbortController();
  #ended: Promise<void> | null = null;

  constructor({ programs }: SharedState) {
    this.#memory = programs;
  }

  /** Ends all, once: they are asked first, unless there is no time. */
  end(): Promise<void> {
    this.#ended ??= endPrograms(this.#memory, this.#hurry.signal);
    return this.#ended;
  }

  /** From now on nobody is asked, nor waited for. */
  hurry(): void {
    this.#hurry.abort();
  }
}
