// What a program writes, on its way into an answer's body: pieces that wait until the client takes
// them, bounded by telling the program's side to wait.

/** So much waits for a slow client; then the program does. */
const WAITING_BYTES_MAX = 128 * 1024;
// More are put together. A program that flushes each byte made an array of 131 072, out of which
// the first one is taken in 0.2 ms: one answer kept its worker busy for 22 s.
const WAITING_PIECES_MAX = 64;

export interface OutputSource {
  /** There is room again. */
  resume(): void;
  /** Nobody wants what is still to come. */
  leave(): void;
}

type Result = IteratorResult<Uint8Array, undefined>;

interface Waiting {
  resolve(result: Result): void;
  reject(error: Error): void;
}

const DONE: Result = { done: true, value: undefined };

/** The body of one answer, for one reader. */
export class OutputPieces implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #source: OutputSource;
  readonly #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #paused = false;
  #end: "whole" | Error | null = null;
  #reader: Waiting | null = null;

  constructor(source: OutputSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes a copy of `bytes`. False: no more until `resume`. */
  add(bytes: Uint8Array): boolean {
    if (this.#end !== null) return true; // nobody wants it
    const piece = Buffer.from(bytes);
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      reader.resolve({ done: false, value: piece });
      return true;
    }
    this.#pieces.push(piece);
    if (this.#pieces.length > WAITING_PIECES_MAX) {
      this.#pieces.push(Buffer.concat(this.#pieces.splice(0)));
    }
    this.#waitingBytes += piece.length;
    this.#paused = this.#waitingBytes >= WAITING_BYTES_MAX;
    return !this.#paused;
  }

  /** No more comes: it is whole, or an error says why it is not. */
  end(how: "whole" | Error): void {
    if (this.#end !== null) return;
    this.#end = how;
    const reader = this.#reader;
    this.#reader = null;
    if (reader === null) return;
    if (how === "whole") reader.resolve(DONE);
    else reader.reject(how);
  }

  /** All of it, where it has ended before anybody read; null where it has not. */
  takeWhole(): Uint8Array | null {
    const pieces = this.#pieces;
    if (this.#end !== "whole") return null;
    this.#waitingBytes = 0;
    const all = pieces.splice(0);
    return all.length === 1 ? all[0]! : Buffer.concat(all);
  }

  next(): Promise<Result> {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#waitingBytes -= piece.length;
      if (this.#paused && this.#waitingBytes < WAITING_BYTES_MAX / 2) {
        this.#paused = false;
        this.#source.resume();
      }
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#end === "whole") return Promise.resolve(DONE);
    if (this.#end !== null) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  /** The reader wants no more. */
  return(): Promise<Result> {
    if (this.#end === null) {
      this.#end = "whole";
      this.#source.leave();
    }
    this.#pieces.length = 0;
    return Promise.resolve(DONE);
  }
}
