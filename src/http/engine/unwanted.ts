// What is left of a body that nobody read: read and dropped, so that the connection can go on. A
// client that sends much of it, or next to nothing, is not worth that.
import type { Pace } from "./pace.ts";

export const UNWANTED_BYTES_MAX = 256 * 1024;

export class Unwanted {
  /** A body is being dropped. */
  isDropping = false;
  #bytesLeft = 0;

  /** `pace` is the body's from now on. */
  start(pace: Pace, nowMs: number): void {
    this.isDropping = true;
    this.#bytesLeft = UNWANTED_BYTES_MAX;
    pace.start(nowMs);
  }

  /** Drops `bytes`. False: that was more than is worth it. */
  drop(bytes: number): boolean {
    this.#bytesLeft -= bytes;
    return this.#bytesLeft >= 0;
  }
}
