// The value of Date (RFC 9110 §6.6.1): made once a second, not once an answer.
import type { Clock } from "../../base/clock.ts";
import { formatHttpDate } from "../representation/index.ts";

export class DateLine {
  readonly #clock: Clock;
  #second = -1;
  #text = "";

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): string {
    return this.at(this.#clock.nowMs());
  }

  /** For an answer that is made at `nowMs`, which was just asked for (a clock costs 0.04 µs). */
  at(nowMs: number): string {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = formatHttpDate(second * 1000);
    }
    return this.#text;
  }
}
