// Deadlines by the thousand for the price of one interval: a ring of slots, a slot a tick, each a
// doubly linked list of the deadlines that are due in it. To schedule or cancel is to link or
// unlink, and allocates nothing. What is due in more ticks than the ring has slots waits for
// another round:
//
//   slots   [ ] [d d] [ ] [d] [ ] …      deadline.dueTick % slots.length is its place
//                 ^ the tick that time has reached
//
// Coarse on purpose: a deadline is never early, and up to two ticks late.
import { systemClock, type Clock } from "../base/clock.ts";

const TICK_MS = 100;
// 102 s: most of a server's deadlines (headers, keep-alive) are due within one round.
const SLOTS = 1024;

/** Something that is to happen unless it is cancelled; made once, scheduled again and again. */
export class Deadline {
  readonly onExpire: () => void;
  /** The wheel's own: the ring of a slot, and the tick that it is due in, or was moved to since. */
  next: Deadline | null = null;
  previous: Deadline | null = null;
  dueTick = 0;

  constructor(onExpire: () => void) {
    this.onExpire = onExpire;
  }

  get scheduled(): boolean {
    return this.next !== null;
  }
}

export class TimerWheel {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #startMs: number;
  readonly #slots: Deadline[] = Array.from({ length: SLOTS }, emptyList);
  readonly #due = emptyList();
  #tick = 0; // all before it has been looked at, and it too
  #scheduled = 0;
  #interval: NodeJS.Timeout | null = null;

  constructor(clock: Clock = systemClock, tickMs: number = TICK_MS) {
    this.#clock = clock;
    this.#tickMs = tickMs;
    this.#startMs = clock.monotonicMs();
  }

  /** How many deadlines are waiting. */
  get size(): number {
    return this.#scheduled;
  }

  /**
   * Expires `deadline` in `delayMs` or up to two ticks later; one that waits already is moved.
   * `nowMs` is for who has just asked the clock, which costs 0.04 µs.
   */
  schedule(deadline: Deadline, delayMs: number, nowMs = this.#clock.monotonicMs()): void {
    const dueMs = nowMs - this.#startMs + delayMs;
    // Not before the next tick: this one may be under way.
    const dueTick = Math.max(this.#tick + 1, Math.ceil(dueMs / this.#tickMs));
    if (deadline.scheduled) {
      // It is moved when its slot comes: a busy connection puts off its deadline all the time.
      if (deadline.dueTick <= dueTick) {
        deadline.dueTick = dueTick;
        return;
      }
      unlink(deadline);
    } else {
      this.#scheduled += 1;
    }
    deadline.dueTick = dueTick;
    append(this.#slots[dueTick % SLOTS]!, deadline);
    this.#interval ??= setInterval(() => this.#onInterval(), this.#tickMs).unref();
  }

  /** Does nothing where it is not scheduled. */
  cancel(deadline: Deadline): void {
    if (!deadline.scheduled) return;
    unlink(deadline);
    this.#scheduled -= 1;
  }

  /** Expires what is due by now. The interval calls it; a test that turns its clock does, too. */
  advance(): void {
    const now = Math.floor((this.#clock.monotonicMs() - this.#startMs) / this.#tickMs);
    // After a long stall a walk round the whole ring sees everything once.
    const first = Math.max(this.#tick + 1, now - SLOTS + 1);
    for (let tick = first; tick <= now; tick += 1) this.#collect(this.#slots[tick % SLOTS]!, now);
    this.#tick = Math.max(this.#tick, now);
    // One at a time from the front: what expires may cancel or schedule any other.
    while (this.#due.next !== this.#due) {
      const deadline = this.#due.next!;
      this.cancel(deadline);
      deadline.onExpire();
    }
  }

  /** Stops the interval. Nothing expires any more until something is scheduled again. */
  stop(): void {
    if (this.#interval !== null) clearInterval(this.#interval);
    this.#interval = null;
  }

  #onInterval(): void {
    this.advance();
    // Not where the last one is cancelled: a busy connection cancels and schedules all the time.
    if (this.#scheduled === 0) this.stop();
  }

  #collect(slot: Deadline, now: number): void {
    for (let deadline = slot.next!; deadline !== slot;) {
      const next = deadline.next!;
      const { dueTick } = deadline;
      const place = dueTick <= now ? this.#due : this.#slots[dueTick % SLOTS]!;
      if (place !== slot) {
        unlink(deadline);
        append(place, deadline);
      }
      deadline = next;
    }
  }
}

/** The head of a ring: the list's beginning and end, never due itself. */
function emptyList(): Deadline {
  const head = new Deadline(() => undefined);
  head.next = head;
  head.previous = head;
  return head;
}

function append(head: Deadline, deadline: Deadline): void {
  deadline.previous = head.previous;
  deadline.next = head;
  head.previous!.next = deadline;
  head.previous = deadline;
}

function unlink(deadline: Deadline): void {
  deadline.previous!.next = deadline.next;
  deadline.next!.previous = deadline.previous;
  deadline.next = null;
  deadline.previous = null;
}
