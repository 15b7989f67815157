// How fast a peer gives or takes, seen over the time that we waited for it: a minute of waiting
// must bring 1 KiB a second on average. Time in which we did not wait does not count against it.

const WINDOW_MS = 60_000;
const WINDOW_BYTES_MIN = 60 * 1024;

export class Pace {
  #waitedMs = 0;
  #bytes = 0;
  #waitingSince: number | null = null;

  /** From `nowMs` (monotonic) on we wait for the peer. */
  start(nowMs: number): void {
    this.#waitingSince ??= nowMs;
  }

  /** From `nowMs` on we do not. */
  stop(nowMs: number): void {
    if (this.#waitingSince !== null) this.#waitedMs += nowMs - this.#waitingSince;
    this.#waitingSince = null;
  }

  /** Counts `bytes` that went over. False: over the last minute of waiting it was too slow. */
  add(bytes: number, nowMs: number): boolean {
    this.#bytes += bytes;
    if (this.#waitingSince !== null) {
      this.#waitedMs += nowMs - this.#waitingSince;
      this.#waitingSince = nowMs;
    }
    if (this.#waitedMs < WINDOW_MS) return true;
    const enough = this.#bytes >= WINDOW_BYTES_MIN;
    this.#waitedMs = 0;
    this.#bytes = 0;
    return enough;
  }
}
