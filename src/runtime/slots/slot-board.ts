// Places and who waits for them, in memory that all threads share: taking a free place is one word
// that is exchanged, and costs no message. A thread may be ended at any instruction:
//
//   place = free · the number of the thread that has it · less than 0: given to who waits, by entry
//   entry = one who waits: its state, its thread, when it came, the place that it was given
//
// A place changes hands by its one word; what else is written about that can be told from it, which
// `forget` does for a thread that is gone. Entries change under a lock, which holds its thread's
// number and is broken where that is gone; places that nobody waits for need none. Whoever frees a
// place looks behind that who waits, and whoever waits looks behind that what is free: so one of
// two sees the other, and nobody is forgotten.

/** What a limit may be. */
export const SLOTS_MAX = 1024;
/** How many may wait. */
export const WAITING_MAX = 4096;
// Who was given a place keeps the entry until it has seen that.
const ENTRIES_MAX = WAITING_MAX + SLOTS_MAX;

// In words of 32 bits. The head:
const LOCK = 0;
const WAITING = 1;
const LIMIT = 2;
const QUEUE_MAX = 3;
const TICKET = 4;
const PLACES = 5;
const ENTRIES = PLACES + SLOTS_MAX;
// An entry:
const OWNER = 1;
const CAME = 2;
const PLACE = 3;
const ENTRY_WORDS = 4;

const FREE = 0;
// An entry's other states:
const WAITS = 1;
const GIVEN = 2;

const SPINS = 200;
// The holder has a few thousand words to look at: it lost its processor if that takes so long.
const NAP_MS = 1;
const NAPS_MAX = 3;

export type SlotMemory = SharedArrayBuffer;

export function slotMemory(): SlotMemory {
  return new SharedArrayBuffer(4 * (ENTRIES + ENTRIES_MAX * ENTRY_WORDS));
}

/** A thread's view. */
export class SlotBoard {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #owner: number;

  /** `owner`: a thread's id, which no other thread of the process ever has. */
  constructor(memory: SlotMemory, owner: number) {
    this.#words = new Int32Array(memory);
    this.#owner = owner + 1;
  }

  /** How many wait. */
  get waiting(): number {
    return Atomics.load(this.#words, WAITING);
  }

  /** Takes the first place that is free, while nobody waits. -1: there is none. */
  tryTake(): number {
    const words = this.#words;
    if (this.waiting > 0) return -1; // what is free now is about to be theirs
    const end = PLACES + Atomics.load(words, LIMIT);
    for (let at = PLACES; at < end; at += 1) {
      if (words[at] === FREE && Atomics.compareExchange(words, at, FREE, this.#owner) === FREE) {
        return at - PLACES;
      }
    }
    return -1;
  }

  /** Frees `place`, which is this thread's. */
  release(place: number): void {
    Atomics.store(this.#words, PLACES + place, FREE);
    if (this.waiting > 0) this.tend(Infinity);
  }

  /** Gets in line. Returns the entry, which may have been given a place already; -1: too many. */
  enqueue(): number {
    this.#lock();
    this.#serve(); // what came free is for those who wait, and makes room behind them
    const entry = this.#enter();
    this.#serve();
    this.#unlock();
    return entry;
  }

  /** The place that `entry` was given, and takes it out of line; -1: it waits. */
  pickUp(entry: number): number {
    const words = this.#words;
    const at = atOf(entry);
    if (Atomics.load(words, at) !== GIVEN) return -1;
    const place = words[at + PLACE]!;
    Atomics.store(words, PLACES + place, this.#owner);
    Atomics.store(words, at, FREE); // then it is another's
    return place;
  }

  /** Resolves when it is worth while to look at `entry` again; null: now. */
  change(entry: number): Promise<unknown> | null {
    const { async, value } = Atomics.waitAsync(this.#words, atOf(entry), WAITS);
    return async ? value : null;
  }

  /** Takes `entry` out of line. Who waits for its change is told. */
  leave(entry: number): void {
    const words = this.#words;
    const at = atOf(entry);
    this.#lock();
    const state = Atomics.exchange(words, at, FREE);
    if (state === WAITS) Atomics.sub(words, WAITING, 1);
    else Atomics.store(words, PLACES + words[at + PLACE]!, FREE);
    this.#serve();
    this.#unlock();
    Atomics.notify(words, at);
  }

  /**
   * From now on there are so many places: what was taken beyond is let be, until it is released.
   * Who waits is looked after by `tend`.
   */
  setBounds(limit: number, queueMax: number): void {
    if (!(limit >= 1 && limit <= SLOTS_MAX)) throw new RangeError(`${limit} slots`);
    if (!(queueMax >= 0 && queueMax <= WAITING_MAX)) throw new RangeError(`${queueMax} in line`);
    Atomics.store(this.#words, LIMIT, limit);
    Atomics.store(this.#words, QUEUE_MAX, queueMax);
  }

  /**
   * Gives what is free to who waits. False, and nothing done: somebody is at it who may be gone.
   * The main thread must not wait for that one, as it is told of its end when it does not wait.
   */
  tend(napsMax = NAPS_MAX): boolean {
    if (!this.#lock(napsMax)) return false;
    this.#serve();
    this.#unlock();
    return true;
  }

  /** As `tend`; what thread `owner` had, and waited for, is others', as it has ended. */
  forget(owner: number): boolean {
    const words = this.#words;
    const gone = owner + 1;
    const isBroken = Atomics.compareExchange(words, LOCK, gone, this.#owner) === gone;
    if (!isBroken && !this.#lock(NAPS_MAX)) return false;
    for (let place = 0; place < SLOTS_MAX; place += 1) this.#mendPlace(place, gone);
    let waiting = 0;
    for (let at = ENTRIES; at < words.length; at += ENTRY_WORDS) {
      if (words[at + OWNER] === gone) Atomics.store(words, at, FREE);
      else if (Atomics.load(words, at) === WAITS) waiting += 1;
    }
    Atomics.store(words, WAITING, waiting);
    this.#serve();
    this.#unlock();
    return true;
  }

  /** Finishes what was begun with `place`, or takes it back. */
  #mendPlace(place: number, gone: number): void {
    const words = this.#words;
    const holder = Atomics.load(words, PLACES + place);
    const at = atOf(-holder - 1);
    const isGone = holder === gone || (holder < 0 && words[at + OWNER] === gone);
    if (isGone) Atomics.store(words, PLACES + place, FREE);
    else if (holder < 0) this.#tell(at, place);
  }

  /** Gives places that are free to those who wait, who came first first. */
  #serve(): void {
    const words = this.#words;
    const limit = Atomics.load(words, LIMIT);
    for (let place = 0; place < limit && this.waiting > 0; place += 1) {
      if (Atomics.load(words, PLACES + place) !== FREE) continue;
      const entry = this.#first();
      const taken = Atomics.compareExchange(words, PLACES + place, FREE, -(entry + 1));
      if (taken !== FREE) continue; // by somebody who came when nobody waited
      Atomics.sub(words, WAITING, 1);
      this.#tell(atOf(entry), place);
    }
  }

  /** Tells who waits at the entry that the place is theirs. */
  #tell(at: number, place: number): void {
    const words = this.#words;
    if (Atomics.load(words, at) === WAITS) {
      words[at + PLACE] = place;
      Atomics.store(words, at, GIVEN);
    }
    Atomics.notify(words, at);
  }

  /** The entry that waits for longest; there is one. */
  #first(): number {
    const words = this.#words;
    let first = -1;
    let left = this.waiting;
    for (let entry = 0; left > 0 && entry < ENTRIES_MAX; entry += 1) {
      const at = atOf(entry);
      if (words[at] !== WAITS) continue;
      left -= 1;
      // Tickets begin anew behind the largest number.
      if (first < 0 || ((words[at + CAME]! - words[atOf(first) + CAME]!) | 0) < 0) first = entry;
    }
    return first;
  }

  #enter(): number {
    const words = this.#words;
    if (this.waiting >= Atomics.load(words, QUEUE_MAX)) return -1;
    for (let entry = 0; entry < ENTRIES_MAX; entry += 1) {
      const at = atOf(entry);
      if (Atomics.load(words, at) !== FREE) continue;
      words[at + OWNER] = this.#owner;
      words[at + CAME] = Atomics.add(words, TICKET, 1);
      Atomics.store(words, at, WAITS);
      Atomics.add(words, WAITING, 1);
      return entry;
    }
    return -1;
  }

  #lock(napsMax = Infinity): boolean {
    const words = this.#words;
    for (let tries = 1, naps = 0; ; tries += 1) {
      const holder = Atomics.compareExchange(words, LOCK, FREE, this.#owner);
      if (holder === FREE) return true;
      if (tries % SPINS !== 0) continue;
      if (naps === napsMax) return false;
      Atomics.wait(words, LOCK, holder, NAP_MS);
      naps += 1;
    }
  }

  #unlock(): void {
    Atomics.store(this.#words, LOCK, FREE);
    Atomics.notify(this.#words, LOCK, 1);
  }
}

function atOf(entry: number): number {
  return ENTRIES + entry * ENTRY_WORDS;
}
