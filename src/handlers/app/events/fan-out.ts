// One piece for all subscribers. For thousands that is a tenth of a second of writes: they are made
// in slices, between which the loop turns, so that other requests do not wait for all of it. Each
// subscriber is told all pieces from its own first on, in order.
import type { PushPiece } from "../../../http/exchange/index.ts";

const SLICE = 256;
// What is said faster than it can be written is written at once, so that it can't pile up.
const QUEUE_MAX = 64;

/** Who is told. */
export interface Receiver {
  /** What was pushed before it came is not for it: set by `add`. */
  since: number;
  write(piece: PushPiece): unknown;
}

export class FanOut<Member extends Receiver> {
  readonly #members = new Set<Member>();
  readonly #queue: { readonly piece: PushPiece; readonly number: number }[] = [];
  #pushed = 0;
  #under: Iterator<Member> | null = null; // how far the first of the queue is
  #isPlanned = false;

  get size(): number {
    return this.#members.size;
  }

  add(member: Member): void {
    member.since = this.#pushed;
    this.#members.add(member);
  }

  /** False: it was none. */
  delete(member: Member): boolean {
    return this.#members.delete(member);
  }

  [Symbol.iterator](): Iterator<Member> {
    return [...this.#members].values();
  }

  push(piece: PushPiece): void {
    this.#pushed += 1;
    this.#queue.push({ piece, number: this.#pushed });
    while (this.#queue.length > QUEUE_MAX) this.#slice();
    if (!this.#isPlanned) this.#goOn();
  }

  /** All that was pushed is written when it returns. */
  flush(): void {
    while (this.#queue.length > 0) this.#slice();
  }

  #goOn(): void {
    this.#slice();
    this.#isPlanned = this.#queue.length > 0;
    if (this.#isPlanned) setImmediate(() => this.#goOn());
  }

  #slice(): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    this.#under ??= this.#members.values();
    for (let told = 0; told < SLICE; told += 1) {
      const next = this.#under.next();
      if (next.done === true) {
        this.#under = null;
        this.#queue.shift();
        return;
      }
      if (next.value.since < first.number) next.value.write(first.piece);
    }
  }
}
