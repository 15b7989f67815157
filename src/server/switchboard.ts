// What workers ask of the main thread, and nobody else can tell: who holds which lease, how much a
// folder holds, and whom to tell what was stored.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { Accounts, Coordinator } from "../runtime/index.ts";
import type { Asked, Order } from "./orders.ts";

export class Switchboard {
  readonly #coordinator: Coordinator;
  readonly #accounts: Accounts;

  constructor(log: Log, tell: (threadId: number, order: Order) => void) {
    this.#coordinator = new Coordinator((threadId, message) =>
      tell(threadId, { kind: "coordinator", message }),
    );
    this.#accounts = new Accounts({
      clock: systemClock,
      log,
      post: (threadId, message) => tell(threadId, { kind: "account", message }),
    });
  }

  workerCame(threadId: number): void {
    this.#coordinator.ownerCame(threadId);
    this.#accounts.ownerCame(threadId);
  }

  workerGone(threadId: number): void {
    this.#coordinator.ownerGone(threadId);
    this.#accounts.ownerGone(threadId);
  }

  receive(threadId: number, asked: Asked): void {
    if (asked.kind === "coordinator") this.#coordinator.receive(threadId, asked.message);
    else if (asked.kind === "account") this.#accounts.receive(threadId, asked.message);
  }
}
