import type { PushPiece } from "../../../http/exchange/index.ts";

/** The last events with an id, for clients that come again. */
export class History {
  readonly #max: number;
  readonly #events: { readonly id: string; readonly piece: PushPiece }[] = [];

  constructor(max: number) {
    if (!Number.isSafeInteger(max) || max < 0) throw new TypeError("history is a count of events");
    this.#max = max;
  }

  add(id: string, piece: PushPiece): void {
    if (this.#max === 0) return;
    if (this.#events.length === this.#max) this.#events.shift();
    this.#events.push({ id, piece });
  }

  /** What came behind `id`; all, where that is not known any more; nothing for whoever is new. */
  behind(id: string | null): PushPiece[] {
    if (id === null || id === "") return [];
    const seen = this.#events.findLastIndex((event) => event.id === id);
    return this.#events.slice(seen + 1).map(({ piece }) => piece);
  }
}
