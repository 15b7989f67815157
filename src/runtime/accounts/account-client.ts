// A worker's side of the accounts: a message there and one back for what is reserved, one there
// for what is settled.
import { systemClock } from "../../base/clock.ts";
import { Accounts } from "./accounts.ts";
import type { FromAccounts, ToAccounts } from "./messages.ts";

export class AccountClient {
  readonly #post: (message: ToAccounts) => void;
  readonly #wishes = new Map<number, (granted: boolean) => void>();
  #lastId = 0;

  constructor(post: (message: ToAccounts) => void) {
    this.#post = post;
  }

  /**
   * Whether `bytes` more may be written below `folder` (an absolute path), which may hold `limit`
   * in all. What is granted counts until it is settled, or this worker has ended.
   */
  reserve(folder: string, bytes: number, limit: number): Promise<boolean> {
    this.#lastId += 1;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#wishes.set(this.#lastId, resolve);
    this.#post({ kind: "reserve", id: this.#lastId, folder, bytes, limit });
    return promise;
  }

  /** Of `reserved` bytes, `actual` stay: 0 where a draft was dropped, less where a file went. */
  settle(folder: string, reserved: number, actual: number): void {
    this.#post({ kind: "settle", folder, reserved, actual });
  }

  /** Takes what the accounts post to this worker. */
  receive({ id, granted }: FromAccounts): void {
    const settle = this.#wishes.get(id);
    this.#wishes.delete(id);
    settle?.(granted);
  }
}

const nothing = (): void => {};
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** The client of a server without workers, in one thread with its accounts. */
export function accountWithoutWorkers(): AccountClient {
  const accounts = new Accounts({
    clock: systemClock,
    log: SILENT,
    post: (_, message) => client.receive(message),
  });
  const client = new AccountClient((message) => accounts.receive(0, message));
  accounts.ownerCame(0);
  return client;
}
