// How much goes through the server: the sum of what its workers count, and how fast it grows. A
// sample every 5 s is kept for a minute.
import { countedBy, type SharedState, type Totals } from "./shared-state.ts";

const SAMPLE_MS = 5000;
const SAMPLES_MAX = 13; // a minute, from end to end

export interface Rates {
  readonly requestsPerSecond: number;
  readonly sentBytesPerSecond: number;
}

interface Sample {
  readonly atMs: number;
  readonly requests: number;
  readonly sentBytes: number;
}

export class Traffic {
  readonly #shared: SharedState;
  readonly #workers: number;
  readonly #monotonicMs: () => number;
  readonly #samples: Sample[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(shared: SharedState, workers: number, monotonicMs = () => performance.now()) {
    this.#shared = shared;
    this.#workers = workers;
    this.#monotonicMs = monotonicMs;
    this.sample();
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS).unref();
  }

  /** Since the server began. */
  totals(): Totals {
    const rows = Array.from({ length: this.#workers }, (_, at) => countedBy(this.#shared, at));
    const sum = (name: keyof Totals): number => rows.reduce((total, row) => total + row[name], 0);
    return {
      accepted: sum("accepted"),
      refused: sum("refused"),
      requests: sum("requests"),
      sentBytes: sum("sentBytes"),
      receivedBytes: sum("receivedBytes"),
    };
  }

  /** Over the last `seconds` (at most 60), or for as long as the server runs. */
  rates(seconds: number): Rates {
    const now = this.#now();
    const since = now.atMs - seconds * 1000;
    const first = this.#samples.find(({ atMs }) => atMs >= since) ?? this.#samples.at(-1)!;
    const passedS = Math.max(1, now.atMs - first.atMs) / 1000;
    return {
      requestsPerSecond: (now.requests - first.requests) / passedS,
      sentBytesPerSecond: (now.sentBytes - first.sentBytes) / passedS,
    };
  }

  sample(): void {
    this.#samples.push(this.#now());
    if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #now(): Sample {
    const { requests, sentBytes } = this.totals();
    return { atMs: this.#monotonicMs(), requests, sentBytes };
  }
}
