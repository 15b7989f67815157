// How many connections the workers take, as the descriptors that are left once the server has
// started allow.
import type { Log } from "../base/log.ts";
import { descriptorBudget, openDescriptors, tellShortage } from "./descriptors.ts";
import type { Order } from "./orders.ts";

export class ConnectionBound {
  readonly #workers: number;
  readonly #log: Log;
  /** When the server had started, and nobody was connected yet. */
  #used = 0;
  #max: number | null = null;

  constructor(workers: number, log: Log) {
    this.#workers = workers;
    this.#log = log;
  }

  /** What each worker is told. */
  get order(): Order {
    return { kind: "bound", connectionsMax: this.#max };
  }

  /** To be called when all is open. Throws where too few fit, in words. */
  find(connections: number): void {
    this.#used = openDescriptors();
    const budget = descriptorBudget(this.#workers, connections, this.#used);
    if (budget.tooFew) throw new Error(budget.shortage!);
    tellShortage(budget, this.#log);
    this.#max = budget.connectionsMax;
  }

  /** Tells where so many do not fit. */
  compare(connections: number): void {
    tellShortage(descriptorBudget(this.#workers, connections, this.#used), this.#log);
  }
}
