// Counts that hold over all worker threads: the kernel spreads one client's connections over them.
// A table in shared memory, made so that a worker may be ended at any instruction:
//
//   slot = a client's hash (64 bits) and a count for each worker; counts of 0 make it free
//   client → two buckets of 8 slots by its hash; it is in one of them, or in no slot
//
// Nothing is ever moved, and what takes effect is one word: a count goes up behind the hash that it
// stands for. Only the owner of a column writes to it, so that `leave` needs no lock; entering has
// one, for two workers must not both see the last free place. It holds its owner's number: a dead
// worker's is broken.
import { hash, randomFillSync } from "node:crypto";
import type { ClientCounts, Entry } from "./client-counts.ts";

const CLIENTS_MAX = 32_768;
const BUCKET_SLOTS = 8;
const WORKERS_MAX = 1024;

// The head, in words of 32 bits.
const LOCK = 0;
const COLUMNS = 1;
const BUCKETS = 2;
const IS_FULL_TOLD = 3;
const SEED = 4;
const SEED_WORDS = 4;
const HEAD_WORDS = SEED + SEED_WORDS;

const FREE = 0;
const SPINS = 200;
// The holder has a few hundred words to look at: it lost its processor if that takes so long.
const NAP_MS = 1;

/** Memory for the counts of workers 0 to `workers` - 1, to be handed to each of them. */
export function sharedCountsMemory(workers: number, clientsMax = CLIENTS_MAX): SharedArrayBuffer {
  if (!(workers >= 1 && workers <= WORKERS_MAX)) throw new RangeError(`${workers} workers`);
  // Two slots a client: a bucket overflows when seven tenths of all slots are taken, seldom sooner.
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, (2 * clientsMax) / BUCKET_SLOTS)));
  const slotWords = buckets * BUCKET_SLOTS * (2 + workers);
  const words = new Int32Array(new SharedArrayBuffer(4 * (HEAD_WORDS + slotWords)));
  words[COLUMNS] = workers;
  words[BUCKETS] = buckets;
  const seed = randomFillSync(new Int32Array(SEED_WORDS));
  words.set(seed, SEED);
  return words.buffer;
}

export class SharedCounts implements ClientCounts {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #worker: number;
  readonly #onFull: () => void;
  readonly #columns: number;
  readonly #bucketMask: number;
  readonly #seed: string;
  // The hash of the client that was looked at last.
  #low = 0;
  #high = 0;

  /**
   * The view of `worker` on memory of `sharedCountsMemory`. `onFull` is called once in the life of
   * the memory, when a client found no slot: such clients are let in without being counted.
   */
  constructor(memory: SharedArrayBuffer, worker: number, onFull: () => void = () => undefined) {
    this.#words = new Int32Array(memory);
    this.#columns = this.#words[COLUMNS]!;
    if (!(worker >= 0 && worker < this.#columns)) throw new RangeError(`worker ${worker}`);
    this.#worker = worker;
    this.#onFull = onFull;
    this.#bucketMask = this.#words[BUCKETS]! - 1;
    this.#seed = this.#words.subarray(SEED, SEED + SEED_WORDS).join();
  }

  enter(client: string, countMax: number): Entry {
    this.#look(client);
    this.#lock();
    let entry: Entry;
    try {
      entry = this.#enterLocked(countMax);
    } finally {
      this.#unlock();
    }
    if (entry === "uncounted" && Atomics.exchange(this.#words, IS_FULL_TOLD, 1) === 0) {
      this.#onFull();
    }
    return entry;
  }

  leave(client: string): void {
    this.#look(client);
    for (let at = 0; at < 2 * BUCKET_SLOTS; at += 1) {
      const slot = this.#slot(at);
      const own = slot + 2 + this.#worker;
      // Nobody else takes a slot in which this worker's count is not 0.
      if (this.#words[own]! > 0 && this.#isClient(slot)) {
        Atomics.sub(this.#words, own, 1);
        return;
      }
    }
  }

  /** Connections of `client`, of all workers. */
  countOf(client: string): number {
    this.#look(client);
    for (let at = 0; at < 2 * BUCKET_SLOTS; at += 1) {
      const slot = this.#slot(at);
      const count = this.#total(slot);
      if (count > 0 && this.#isClient(slot)) return count;
    }
    return 0;
  }

  /**
   * Takes off all that `worker` counted, once its thread has ended and before another takes its
   * number. Waits for nobody, so that a second dead worker's lock can't hold up who breaks it.
   */
  forgetWorker(worker: number): void {
    const words = this.#words;
    const slotWords = 2 + this.#columns;
    for (let at = HEAD_WORDS + 2 + worker; at < words.length; at += slotWords) {
      Atomics.store(words, at, 0);
    }
    if (Atomics.compareExchange(words, LOCK, worker + 1, FREE) === worker + 1) {
      Atomics.notify(words, LOCK);
    }
  }

  #enterLocked(countMax: number): Entry {
    const words = this.#words;
    const free = [-1, -1];
    const used = [0, 0];
    for (let at = 0; at < 2 * BUCKET_SLOTS; at += 1) {
      const slot = this.#slot(at);
      const count = this.#total(slot);
      const bucket = at < BUCKET_SLOTS ? 0 : 1;
      if (count === 0) free[bucket] = slot;
      else if (this.#isClient(slot)) {
        if (count >= countMax) return "refused";
        Atomics.add(words, slot + 2 + this.#worker, 1);
        return "counted";
      } else used[bucket]! += 1;
    }
    if (countMax <= 0) return "refused";
    // The emptier bucket of two: with one a client, some would overflow in a table mostly free.
    const slot = free[used[1]! < used[0]! ? 1 : 0]!;
    if (slot < 0) return "uncounted";
    words[slot] = this.#low;
    words[slot + 1] = this.#high;
    Atomics.store(words, slot + 2 + this.#worker, 1);
    return "counted";
  }

  // SHA-256 with a secret in front: with a lesser hash, clients could be made to share a bucket. It
  // is most of the 3 µs that entering and leaving cost a connection.
  #look(client: string): void {
    const digest = hash("sha256", `${this.#seed} ${client}`, "buffer");
    this.#low = digest.readInt32LE(0);
    this.#high = digest.readInt32LE(4);
  }

  /** Where slot `at` of the client's 16 begins. */
  #slot(at: number): number {
    const bucket = (at < BUCKET_SLOTS ? this.#low : this.#high) & this.#bucketMask;
    const slot = bucket * BUCKET_SLOTS + (at & (BUCKET_SLOTS - 1));
    return HEAD_WORDS + slot * (2 + this.#columns);
  }

  #isClient(slot: number): boolean {
    return this.#words[slot] === this.#low && this.#words[slot + 1] === this.#high;
  }

  #total(slot: number): number {
    let total = 0;
    const end = slot + 2 + this.#columns;
    for (let at = slot + 2; at < end; at += 1) total += this.#words[at]!;
    return total;
  }

  #lock(): void {
    const words = this.#words;
    for (let tries = 1; ; tries += 1) {
      const holder = Atomics.compareExchange(words, LOCK, FREE, this.#worker + 1);
      if (holder === FREE) return;
      if (tries % SPINS === 0) Atomics.wait(words, LOCK, holder, NAP_MS);
    }
  }

  #unlock(): void {
    Atomics.compareExchange(this.#words, LOCK, this.#worker + 1, FREE);
  }
}
