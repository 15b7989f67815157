// A handler's time: it runs while the head of an answer is awaited, and stands while content is, so
// that a slow client does not use up what its handler may take.
import type { Clock } from "../../base/clock.ts";
import { Deadline, type TimerWheel } from "../../runtime/index.ts";

export class HandlerClock {
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #deadline: Deadline;
  #leftMs = 0;
  #sinceMs: number | null = null; // null: it stands

  constructor(clock: Clock, wheel: TimerWheel, onExpire: () => void) {
    this.#clock = clock;
    this.#wheel = wheel;
    this.#deadline = new Deadline(onExpire);
  }

  /** A new request: its handler may take `ms`, from the first `run` on. */
  reset(ms: number): void {
    this.stop();
    this.#leftMs = ms;
  }

  run(): void {
    if (this.#sinceMs !== null) return;
    this.#sinceMs = this.#clock.monotonicMs();
    this.#wheel.schedule(this.#deadline, this.#leftMs);
  }

  stop(): void {
    if (this.#sinceMs === null) return;
    this.#leftMs -= this.#clock.monotonicMs() - this.#sinceMs;
    this.#sinceMs = null;
    this.#wheel.cancel(this.#deadline);
  }
}
