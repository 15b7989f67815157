// A worker's side of the coordinator. It waits, with a deadline; and it gives up without asking:
// what is granted to a wish that was given up is given back by the message that is on its way.
import { Coordinator } from "./coordinator.ts";
import type { FromCoordinator, ToCoordinator } from "./messages.ts";

const LEASE_QUEUE_MAX = 1000;
// What is longer, setTimeout takes for a millisecond.
const TIMER_MS_MAX = 2 ** 31 - 1;

export interface WaitOptions {
  /** 0: now or not at all. */
  readonly waitMs: number;
  /** Ends the wait, as its deadline would. */
  readonly signal?: AbortSignal;
}

export interface SlotOptions extends WaitOptions {
  /** How many there are, in the whole server. */
  readonly limit: number;
  /** How many may wait for one. */
  readonly queueMax: number;
}

/** Something held, until it is released or the worker has ended. */
export class Held {
  readonly name: string;
  /** Grows with every grant of this server, whatever the name. */
  readonly fence: number;
  #release: (() => void) | null;

  constructor(name: string, fence: number, release: () => void) {
    this.name = name;
    this.fence = fence;
    this.#release = release;
  }

  /** The second time it does nothing. */
  release(): void {
    const release = this.#release;
    this.#release = null;
    release?.();
  }
}

/** A name that nobody else holds. */
export type Lease = Held;
/** One of a bounded number of places. */
export type Slot = Held;

interface Wish {
  readonly name: string;
  settle(outcome: Held | "full" | "late"): void;
}

export class CoordinatorClient {
  readonly #post: (message: ToCoordinator) => void;
  readonly #wishes = new Map<number, Wish>();
  #lastId = 0;

  constructor(post: (message: ToCoordinator) => void) {
    this.#post = post;
  }

  /** Takes what the coordinator posts to this worker. */
  receive(message: FromCoordinator): void {
    const { id } = message;
    const wish = this.#wishes.get(id);
    if (wish === undefined) return; // given up, and that has been posted
    if (message.kind === "denied") wish.settle(message.why);
    else wish.settle(new Held(wish.name, message.fence, () => this.#leave(id)));
  }

  /** The lease of `name`; null when it was not to be had in time, or too many wait for it. */
  async acquire(name: string, options: WaitOptions): Promise<Lease | null> {
    const bounds = { limit: 1, queueMax: LEASE_QUEUE_MAX };
    const held = await this.#want(`lease ${name}`, name, { ...options, ...bounds });
    return typeof held === "string" ? null : held;
  }

  /** One of `limit` slots; "full" when too many wait already, "late" when none was free in time. */
  take(name: string, options: SlotOptions): Promise<Slot | "full" | "late"> {
    return this.#want(`slot ${name}`, name, options);
  }

  #want(
    key: string,
    name: string,
    { waitMs, signal, limit, queueMax }: SlotOptions,
  ): Promise<Held | "full" | "late"> {
    if (signal?.aborted === true) return Promise.resolve("late");
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const giveUp = (): void => {
        settle("late");
        this.#leave(id);
      };
      const isTimed = waitMs > 0 && waitMs <= TIMER_MS_MAX;
      const late = isTimed ? setTimeout(giveUp, waitMs) : undefined;
      const settle = (outcome: Held | "full" | "late"): void => {
        this.#wishes.delete(id);
        clearTimeout(late);
        signal?.removeEventListener("abort", giveUp);
        resolve(outcome);
      };
      signal?.addEventListener("abort", giveUp);
      this.#wishes.set(id, { name, settle });
      this.#post({ kind: "take", id, name: key, limit, queueMax, waits: waitMs > 0 });
    });
  }

  #leave(id: number): void {
    this.#post({ kind: "leave", id });
  }
}

/** The client of a server without workers, in one thread with its coordinator. */
export function clientWithoutWorkers(): CoordinatorClient {
  const coordinator = new Coordinator((_, message) => client.receive(message));
  const client = new CoordinatorClient((message) => coordinator.receive(0, message));
  coordinator.ownerCame(0);
  return client;
}
