// A handler's time: it runs while the head of an answer is awaited, and stands while content is, so
// that a slow client does not use up what its handler may take.
import type { Clock } from "../../base/clock.ts";
import { Deadline, type TimerWheel } from "../../runtime/index.ts";

/** Told when a handler's time is up. */
export interface HandlerClockOwner {
  onHandlerDeadline(): void;
}

export class HandlerClock {
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #owner: HandlerClockOwner;
  #deadline: Deadline | null = null; // until something is waited for
  #leftMs = 0;
  #sinceMs: number | null = null; // null: it stands

  constructor(clock: Clock, wheel: TimerWheel, owner: HandlerClockOwner) {
    this.#clock = clock;
    this.#wheel = wheel;
    this.#owner = owner;
  }

  /** A new request: its handler may take `ms`, from the first `run` on. */
  reset(ms: number): void {
    this.#sinceMs = null;
    this.#leftMs = ms;
  }

  run(): void {
    if (this.#sinceMs !== null) return;
    const nowMs = this.#clock.monotonicMs();
    this.#sinceMs = nowMs;
    this.#deadline ??= new Deadline(() => {
      if (this.#sinceMs !== null) this.#owner.onHandlerDeadline();
    });
    this.#wheel.schedule(this.#deadline, this.#leftMs, nowMs);
  }

  /** Content is awaited: what is left is kept for the next `run`. */
  pause(): void {
    if (this.#sinceMs === null) return;
    this.#leftMs -= this.#clock.monotonicMs() - this.#sinceMs;
    this.#sinceMs = null;
  }

  /**
   * It has answered. The deadline stays in the wheel, for the next request to move, and finds
   * nothing to do: to take it out each time, and to ask how long it was, is 0.1 µs a request.
   */
  stop(): void {
    this.#sinceMs = null;
  }

  /** There will be no more requests. */
  close(): void {
    this.stop();
    if (this.#deadline !== null) this.#wheel.cancel(this.#deadline);
  }
}
