// A worker's side of the events: what was stored is told to the main thread, and nobody waits.
import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { EventNote, Hook, StoredEvent } from "./messages.ts";

export class EventsClient {
  readonly #clock: Clock;
  readonly #post: (note: EventNote) => void;

  constructor(clock: Clock, post: (note: EventNote) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  /** Has `hook`'s receivers told, at least once, even where the server ends before. */
  stored(hook: Hook, what: Omit<StoredEvent, "id" | "time">): void {
    const time = new Date(this.#clock.nowMs()).toISOString();
    this.#post({ event: { id: randomUUID(), time, ...what }, hook });
  }
}
