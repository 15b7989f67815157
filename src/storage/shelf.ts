// What stands longest leaves first, unless it was used meanwhile: then it gets another round
// (CLOCK, a cheap kin of "least recently used"). A use only sets a flag, where moving the entry to
// the end of a list would cost every request.

/** Whatever stands on a shelf. */
interface Used {
  used: boolean;
}

export class Shelf<T extends Used> {
  readonly #max: number;
  readonly #standing = new Set<T>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#standing.size;
  }

  get isOverfull(): boolean {
    return this.#standing.size > this.#max;
  }

  has(entry: T): boolean {
    return this.#standing.has(entry);
  }

  add(entry: T): void {
    this.#standing.add(entry);
  }

  delete(entry: T): void {
    this.#standing.delete(entry);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#standing.values();
  }

  /**
   * The entries to take off while `isFull`, of those that `maySpare` lets go. Ends when there is
   * room, or when all were seen twice: then none but the unspared are left.
   */
  *leaving(isFull: () => boolean, maySpare: (entry: T) => boolean): Generator<T> {
    let left = 2 * this.#standing.size;
    for (const entry of this.#standing) {
      if (left === 0 || !isFull()) return;
      left -= 1;
      if (!entry.used && maySpare(entry)) yield entry;
      else {
        entry.used = false;
        // To the end, where this very loop meets it again.
        this.#standing.delete(entry);
        this.#standing.add(entry);
      }
    }
  }
}
