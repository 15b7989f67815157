// The body of a request that comes in pieces a test says, and notes how much of it was asked for.
import type { Failure } from "../base/failure.ts";
import type { RequestBody } from "../http/exchange/index.ts";

export class PieceBody implements RequestBody {
  readonly length = null;
  bytesMax = Infinity;
  readonly readyBytes = 0;
  /** How often a piece was asked for. */
  reads = 0;
  readonly #pieces: Iterator<Uint8Array>;
  readonly #end: Failure | null;
  /** Of a piece that did not fit. */
  #left: Uint8Array | null = null;

  /** `end`: why it ends before it is whole; null: it is. */
  constructor(pieces: Iterable<Uint8Array>, end: Failure | null = null) {
    this.#pieces = pieces[Symbol.iterator]();
    this.#end = end;
  }

  /** `bytes` in pieces of `pieceBytes`. */
  static of(bytes: Uint8Array, pieceBytes: number, end: Failure | null = null): PieceBody {
    const count = Math.ceil(bytes.length / pieceBytes);
    const pieces = Array.from({ length: count }, (_, at) =>
      Buffer.from(bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
    );
    return new PieceBody(pieces, end);
  }

  async read(): Promise<Uint8Array | null | Failure> {
    this.reads += 1;
    await new Promise((resolve) => setImmediate(resolve));
    const left = this.#left;
    this.#left = null;
    if (left !== null) return left;
    const { done, value } = this.#pieces.next();
    return done === true ? this.#end : value;
  }

  async fill(into: Uint8Array): Promise<number | Failure> {
    let filled = 0;
    while (filled < into.length) {
      // oxlint-disable-next-line no-await-in-loop -- one behind the other
      const piece = await this.read();
      if (piece === null) break;
      if (!(piece instanceof Uint8Array)) return piece;
      const fitting = piece.subarray(0, into.length - filled);
      into.set(fitting, filled);
      filled += fitting.length;
      if (fitting.length < piece.length) this.#left = piece.subarray(fitting.length);
    }
    return filled;
  }
}
