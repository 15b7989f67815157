// What workers ask of the main thread, and nobody else can tell: who holds which lease, how much a
// folder holds, what to keep of a session, and whom to tell what was stored. Slots they take
// themselves, in memory of its.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import {
  Accounts,
  Coordinator,
  EventDelivery,
  mainSessions,
  SlotTables,
  type MainSessions,
  type SessionBounds,
  type SessionSettings,
} from "../runtime/index.ts";
import type { Asked, Order } from "./orders.ts";

export class Switchboard {
  readonly slots = new SlotTables();
  readonly #coordinator: Coordinator;
  readonly #accounts: Accounts;
  readonly #log: Log;
  readonly #tell: (threadId: number, order: Order) => void;
  #sessions: MainSessions | null = null;
  #delivery: EventDelivery | null = null;

  constructor(log: Log, tell: (threadId: number, order: Order) => void) {
    this.#log = log;
    this.#tell = tell;
    this.#coordinator = new Coordinator((threadId, message) =>
      tell(threadId, { kind: "coordinator", message }),
    );
    this.#accounts = new Accounts({
      clock: systemClock,
      log,
      post: (threadId, message) => tell(threadId, { kind: "account", message }),
    });
  }

  /** Null before the start. */
  get sessions(): MainSessions | null {
    return this.#sessions;
  }

  /**
   * Events and sessions are kept in `folder`; undefined: in memory. To be called before workers
   * come. Throws in words where sessions can't be kept as they are to be.
   */
  async start(folder: string | undefined, settings: SessionSettings): Promise<void> {
    const parts = { clock: systemClock, log: this.#log, folder: folder ?? null };
    this.#sessions = mainSessions({ ...parts, settings }, (threadId, message) =>
      this.#tell(threadId, { kind: "session", message }),
    );
    this.#delivery = new EventDelivery(parts);
    await this.#delivery.start();
  }

  /** A reload goes through. */
  adopt(bounds: SessionBounds): void {
    this.slots.adopt();
    this.#sessions!.bounds = bounds;
  }

  /** For when all workers are gone: what they told is told on, up to `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.#sessions?.close();
    await this.#delivery?.stop(withinMs);
  }

  workerCame(threadId: number): void {
    this.#coordinator.ownerCame(threadId);
    this.#accounts.ownerCame(threadId);
  }

  workerGone(threadId: number): void {
    this.slots.ownerGone(threadId);
    this.#coordinator.ownerGone(threadId);
    this.#accounts.ownerGone(threadId);
  }

  receive(threadId: number, asked: Asked): void {
    if (asked.kind === "coordinator") this.#coordinator.receive(threadId, asked.message);
    else if (asked.kind === "account") this.#accounts.receive(threadId, asked.message);
    else if (asked.kind === "session") this.#sessions?.receive(threadId, asked.message);
    else void this.#delivery?.note(asked.message);
  }
}
