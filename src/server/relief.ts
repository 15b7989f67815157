// Has workers that have loaded code too often relieved by others, one after another: their threads
// keep every module that they ever loaded.
import type { Log } from "../base/log.ts";
import type { PooledWorker } from "../runtime/index.ts";
import type { Order } from "./orders.ts";
import type { ServedCode } from "./served-code.ts";
import type { ServingPool } from "./serving-pool.ts";

export class Relief {
  readonly #pool: ServingPool;
  readonly #code: ServedCode;
  readonly #log: Log;
  #isUnderWay = false;

  constructor(pool: ServingPool, code: ServedCode, log: Log) {
    this.#pool = pool;
    this.#code = code;
    this.#log = log;
  }

  /** Behind the caller's back. Each has `withinMs` to answer what is under way. */
  begin(withinMs: number): void {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    void this.#relieve(withinMs).finally(() => (this.#isUnderWay = false));
  }

  async #relieve(withinMs: number): Promise<void> {
    const leave = async (worker: PooledWorker): Promise<void> => {
      this.#log.info(`worker ${worker.index + 1} has loaded code often enough and is relieved`);
      await worker.ask({ kind: "drain", withinMs, gently: true } satisfies Order);
    };
    for (const worker of this.#pool.workers.filter((one) => this.#code.isWorn(one))) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- the others answer meanwhile
        await this.#pool.renew(worker.index, leave);
      } catch (error) {
        this.#log.warn(`worker ${worker.index + 1} goes on: ${(error as Error).message}`);
      }
    }
  }
}
