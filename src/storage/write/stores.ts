// The stores of one thread: one for each folder and each way to write to it, however many routes
// and reloads name it. They stay open until the thread ends: requests under way may write to a
// folder that a reload has left.
import { Store } from "./store.ts";
import type { StoreOptions } from "./options.ts";

/** What all stores of a thread share. */
export type StoreParts = Pick<StoreOptions, "locks" | "account" | "clock" | "log" | "onWritten">;
/** What makes one store another than the next. */
export type StoreRules = Omit<StoreOptions, keyof StoreParts>;

export class Stores {
  readonly #parts: StoreParts;
  readonly #opened = new Map<string, Promise<Store>>();

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** Throws as `Store.open` does; what could not be opened is tried again the next time. */
  open(rules: StoreRules): Promise<Store> {
    const key = JSON.stringify(rules, Object.keys(rules).toSorted());
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const opening = Store.open({ ...rules, ...this.#parts });
    this.#opened.set(key, opening);
    opening.catch(() => this.#opened.delete(key));
    return opening;
  }

  /** Closes all of them: nothing may be written behind this. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    this.#opened.clear();
    for (const one of opened) if (one.status === "fulfilled") await one.value.close();
  }
}
