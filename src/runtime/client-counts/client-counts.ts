// How many connections each client has, by which one client is held to its bound.

/** "uncounted": let in, and not to be taken off again. */
export type Entry = "counted" | "uncounted" | "refused";

export interface ClientCounts {
  /** Counts a connection of `client` unless it has `countMax` already. */
  enter(client: string, countMax: number): Entry;
  /** To be called once for each connection that was counted. */
  leave(client: string): void;
}

/** Counts of one thread alone. */
export class LocalCounts implements ClientCounts {
  // Bounded by the connections that are open: who leaves last takes the entry along.
  readonly #byClient = new Map<string, number>();

  /** Clients that are counted at this moment. */
  get clients(): number {
    return this.#byClient.size;
  }

  enter(client: string, countMax: number): Entry {
    const count = this.#byClient.get(client) ?? 0;
    if (count >= countMax) return "refused";
    this.#byClient.set(client, count + 1);
    return "counted";
  }

  leave(client: string): void {
    const count = this.#byClient.get(client) ?? 0;
    if (count > 1) this.#byClient.set(client, count - 1);
    else this.#byClient.delete(client);
  }
}
