// What was reloaded when, for `portico status`.
import type { ReloadStatus } from "../runtime/index.ts";

const KEPT_MAX = 10;

export class ReloadHistory {
  readonly #records: ReloadStatus[] = [];

  /** The oldest first. */
  get records(): readonly ReloadStatus[] {
    return this.#records;
  }

  add(record: ReloadStatus): void {
    this.#records.push(record);
    if (this.#records.length > KEPT_MAX) this.#records.shift();
  }
}
