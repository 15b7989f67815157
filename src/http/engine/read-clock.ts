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
export const GOODBYE_MS = 2000;

/** The engine, as far as this clock needs it. */
interface ReadClockTerms {
  readonly parts: { readonly wheel: TimerWheel };
  readonly settings: { readonly timeouts: Timeouts };
}

export class ReadClock {
  readonly #engine: ReadClockTerms;
  readonly #deadline: Deadline;
  #awaited: Awaited = "nothing";

  constructor(engine: ReadClockTerms, onExpire: () => void) {
    this.#engine = engine;
    this.#deadline = new Deadline(() => {
      // What was awaited has come meanwhile: see `restart`.
      if (this.#awaited !== "nothing") onExpire();
    });
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
    // Most of what comes is answered at once, and awaited anew: the deadline stays where it is, and
    // is moved then.
    if (awaited === "nothing") return;
    this.#engine.parts.wheel.schedule(this.#deadline, this.#limitMs(awaited));
  }

  /** The connection is gone; what it waited for last stays to be seen. */
  stop(): void {
    this.#engine.parts.wheel.cancel(this.#deadline);
  }

  #limitMs(awaited: Awaited): number {
    const { header, body, keepAlive } = this.#engine.settings.timeouts;
    switch (awaited) {
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
