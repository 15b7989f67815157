// What a connection waits for from its client, and until when. One deadline at a time: what is
// awaited says how long, and the connection decides what it means that it did not come.
import { Deadline, type TimerWheel } from "../../runtime/index.ts";
import type { Timeouts } from "./settings.ts";

/**
 * "firstHead": the first request, from the connection's start. "request": the next one's first
 * byte. "head": the rest of a head. "content": more of a body. "goodbye": the client's end, behind
 * ours.
 */
export type Awaited = "nothing" | "firstHead" | "request" | "head" | "content" | "goodbye";

// After the last answer the rest is read and dropped for so long: a close with unread bytes makes
// the kernel send a reset, which takes the answer from the client (RFC 9112 §9.6).
const GOODBYE_MS = 2000;

export class ReadClock {
  readonly #wheel: TimerWheel;
  readonly #timeouts: () => Timeouts;
  readonly #deadline: Deadline;
  #awaited: Awaited = "nothing";

  constructor(wheel: TimerWheel, timeouts: () => Timeouts, onExpire: () => void) {
    this.#wheel = wheel;
    this.#timeouts = timeouts;
    this.#deadline = new Deadline(onExpire);
  }

  get awaited(): Awaited {
    return this.#awaited;
  }

  /** Waits for `awaited`; where it is awaited already, its time goes on, but for content. */
  await(awaited: Awaited): void {
    if (awaited !== this.#awaited || awaited === "content") this.restart(awaited);
  }

  /** Waits for `awaited` from now on. */
  restart(awaited: Awaited): void {
    this.#awaited = awaited;
    const ms = this.#limitMs();
    if (ms === null) this.#wheel.cancel(this.#deadline);
    else this.#wheel.schedule(this.#deadline, ms);
  }

  /** The connection is gone; what it waited for last stays to be seen. */
  stop(): void {
    this.#wheel.cancel(this.#deadline);
  }

  #limitMs(): number | null {
    const { header, body, keepAlive } = this.#timeouts();
    switch (this.#awaited) {
      case "nothing":
        return null;
      case "content":
        return body;
      case "request":
        return keepAlive;
      case "goodbye":
        return GOODBYE_MS;
      default:
        return header;
    }
  }
}
