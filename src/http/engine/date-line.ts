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
    const second = Math.floor(this.#clock.nowMs() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = formatHttpDate(second * 1000);
    }
    return this.#text;
  }
}
