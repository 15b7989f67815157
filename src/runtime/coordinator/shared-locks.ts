// Locks by name that hold over all threads, in memory that they share: one that nobody else wants
// costs no message (a lease of the coordinator's is one there and one back: some 60 µs of both
// threads). A name's lock is one of a bounded number, so that two names may have to wait for each
// other without need; who wants several takes them in one order, so that nobody waits for ever.

/** Enough that names seldom share one: a hundred writers at once meet in one of ten thousand. */
const LOCKS = 1 << 16;
const FREE = 0;
/** The main thread, which is no worker. */
export const MAIN_OWNER = 0x7fff;

export function sharedLocksMemory(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(LOCKS * Int32Array.BYTES_PER_ELEMENT));
}

/** Until it is released, nobody else has any of the names. */
export interface HeldLocks {
  /** The second time it does nothing. */
  release(): void;
}

export class SharedLocks {
  readonly #locks: Int32Array<SharedArrayBuffer>;
  readonly #owner: number;

  /** `owner`: a worker's index, or MAIN_OWNER. */
  constructor(locks: Int32Array<SharedArrayBuffer>, owner: number) {
    this.#locks = locks;
    this.#owner = owner + 1;
  }

  /** All of `names`; null where one was not to be had within `waitMs`. */
  async acquire(
    names: readonly string[],
    { waitMs }: { readonly waitMs: number },
  ): Promise<HeldLocks | null> {
    const untilMs = performance.now() + waitMs;
    const held: number[] = [];
    for (const lock of new Set(names.map(lockOf).toSorted((a, b) => a - b))) {
      // oxlint-disable-next-line no-await-in-loop -- one order for all
      if (this.#tryTake(lock) || (await this.#wait(lock, untilMs))) held.push(lock);
      else {
        this.#free(held);
        return null;
      }
    }
    return { release: () => this.#free(held.splice(0)) };
  }

  #tryTake(lock: number): boolean {
    return Atomics.compareExchange(this.#locks, lock, FREE, this.#owner) === FREE;
  }

  async #wait(lock: number, untilMs: number): Promise<boolean> {
    while (!this.#tryTake(lock)) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) return false;
      const owner = Atomics.load(this.#locks, lock);
      if (owner === FREE) continue;
      // oxlint-disable-next-line no-await-in-loop -- until it is free
      await Atomics.waitAsync(this.#locks, lock, owner, leftMs).value;
    }
    return true;
  }

  #free(held: readonly number[]): void {
    for (const lock of held) {
      Atomics.store(this.#locks, lock, FREE);
      Atomics.notify(this.#locks, lock, 1);
    }
  }
}

/** Frees what a worker that is gone still had. */
export function freeLocksOf(locks: Int32Array<SharedArrayBuffer>, owner: number): void {
  for (let lock = 0; lock < locks.length; lock += 1) {
    if (Atomics.compareExchange(locks, lock, owner + 1, FREE) === owner + 1) {
      Atomics.notify(locks, lock, 1);
    }
  }
}

/** FNV-1a over the code units. */
function lockOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0) % LOCKS;
}
