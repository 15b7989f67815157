// A request's body as handlers take it, a piece at a time (`read`) or a block at a time (`fill`).
// Nothing is taken from the socket until one of them asks. What the codec gives beyond that
// (several chunks in one packet) waits here, bounded by a packet.
//
// A block that is filled says where its next bytes belong (`room`), so that the kernel may put them
// there: then they lie in their place already when the codec hands them on, and nothing is copied.
import { Failure } from "../../base/failure.ts";
import type { RequestBody } from "../exchange/index.ts";
import { SpareBuffers } from "./spare-buffers.ts";

/** Who brings the body: told when a reader waits. */
export interface BodySource {
  wantContent(body: PulledBody): void;
  /** The block that was filled is its owner's again, before it was full: nothing goes there now. */
  leaveBlock(): void;
}

type Piece = Uint8Array | null | Failure;

const spares = new SpareBuffers();

/** A block on its way to be full. */
interface Filling {
  readonly into: Uint8Array;
  /** Bytes in it so far. */
  filled: number;
  readonly resolve: (filled: number | Failure) => void;
}

export class PulledBody implements RequestBody {
  readonly length: number | null;
  readonly #source: BodySource;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytesMax: number;
  #reader: ((piece: Piece) => void) | null = null;
  #filling: Filling | null = null;
  #received = 0;
  #end: null | "done" | Failure = null;
  #asked = false;

  /** `length` is the announced one, null where chunked; beyond `bytesMax`, `bodyTooLarge`. */
  constructor(length: number | null, bytesMax: number, source: BodySource) {
    this.length = length;
    this.#bytesMax = bytesMax;
    this.#source = source;
    if (length === 0) this.#end = "done";
  }

  get bytesMax(): number {
    return this.#bytesMax;
  }

  /** All requests without a body share one, which is never too large. */
  set bytesMax(bytes: number) {
    if (this.length !== 0) this.#bytesMax = bytes;
  }

  /** Somebody waits for more than is there. */
  get wanted(): boolean {
    return this.#reader !== null || this.#filling !== null;
  }

  get readyBytes(): number {
    return this.#waitingBytes;
  }

  /** A handler has asked for content. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Nothing of it has come yet. */
  get nothingCame(): boolean {
    return this.#received === 0;
  }

  /** There was no end, and there will be none: what the connection carries next is unknown. */
  get failed(): boolean {
    return this.#end instanceof Failure;
  }

  /** All of it has come from the client. */
  get complete(): boolean {
    return this.#end === "done";
  }

  /** Where the next bytes belong, never beyond the body's end; null where they are not all its. */
  get room(): Uint8Array | null {
    if (this.#filling === null || this.length === null || this.#end !== null) return null;
    const { into, filled } = this.#filling;
    return into.subarray(filled, filled + Math.min(into.length, this.length - this.#received));
  }

  read(): Promise<Piece> {
    const piece = this.#ask() ?? this.#takePiece();
    if (piece !== undefined) return Promise.resolve(piece);
    if (this.#end !== null) return Promise.resolve(this.#end === "done" ? null : this.#end);
    return new Promise((resolve) => {
      this.#reader = resolve;
      this.#source.wantContent(this);
    });
  }

  fill(into: Uint8Array): Promise<number | Failure> {
    const refused = this.#ask();
    if (refused !== undefined) return Promise.resolve(refused);
    const filled = this.#takeWaiting(into);
    if (filled === into.length) return Promise.resolve(filled);
    if (this.#end !== null) return Promise.resolve(this.#end === "done" ? filled : this.#end);
    return new Promise((resolve) => {
      this.#filling = { into, filled, resolve };
      this.#source.wantContent(this);
    });
  }

  /** Content from the codec; what does not lie in its place already is copied. */
  deliver(bytes: Uint8Array): void {
    if (this.#end !== null) return;
    this.#received += bytes.length;
    if (this.#received > this.#bytesMax) {
      this.fail(new Failure("bodyTooLarge", `more than ${this.#bytesMax} bytes`));
    } else if (this.#filling !== null) this.#put(bytes, this.#filling);
    else if (this.#reader !== null) this.#give(Buffer.from(bytes));
    else this.#keep(bytes);
  }

  /** The codec saw the end. */
  finish(): void {
    this.#end ??= "done";
    this.#endWaits();
  }

  /** There will be no more. What came before is still read first. */
  fail(failure: Failure): void {
    this.#end ??= failure;
    this.#endWaits();
  }

  /** A handler asks: notes it, and says why it gets nothing where that is known. */
  #ask(): Failure | undefined {
    if (this.wanted) throw new Error("a body is read by one reader at a time");
    this.#asked = true;
    if (this.#end !== null || this.length === null || this.length <= this.#bytesMax) {
      return undefined;
    }
    this.#end = new Failure("bodyTooLarge", `${this.length} bytes announced`);
    return this.#end;
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting.push(spares.copyOf(bytes));
    this.#waitingBytes += bytes.length;
  }

  /** What waits longest, for good. */
  #takePiece(): Uint8Array | undefined {
    const piece = this.#waiting.shift();
    this.#waitingBytes -= piece?.length ?? 0;
    return piece;
  }

  #takeWaiting(into: Uint8Array): number {
    let filled = 0;
    while (this.#waiting.length > 0 && filled < into.length) {
      const piece = this.#waiting[0]!;
      const taken = piece.subarray(0, into.length - filled);
      into.set(taken, filled);
      filled += taken.length;
      if (taken.length < piece.length) this.#waiting[0] = piece.subarray(taken.length);
      else spares.give(this.#waiting.shift()!);
    }
    this.#waitingBytes -= filled;
    return filled;
  }

  #put(bytes: Uint8Array, filling: Filling): void {
    const { into, filled } = filling;
    const taken = bytes.subarray(0, into.length - filled);
    const isThere = taken.buffer === into.buffer && taken.byteOffset === into.byteOffset + filled;
    if (!isThere) into.set(taken, filled);
    filling.filled += taken.length;
    if (taken.length < bytes.length) this.#keep(bytes.subarray(taken.length));
    if (filling.filled < into.length) return;
    this.#filling = null;
    filling.resolve(into.length);
  }

  #endWaits(): void {
    const end = this.#end === "done" ? null : this.#end;
    if (this.#reader !== null) this.#give(end);
    const filling = this.#filling;
    if (filling === null) return;
    this.#filling = null;
    this.#source.leaveBlock();
    filling.resolve(end ?? filling.filled);
  }

  #give(piece: Piece): void {
    const reader = this.#reader!;
    this.#reader = null;
    reader(piece);
  }
}

/** The body of a request without, and of what is no request: it has ended, and never changes. */
export const NO_BODY = new PulledBody(0, 0, {
  wantContent: () => undefined,
  leaveBlock: () => undefined,
});

/** The body that `head` announces. */
export function bodyOf(
  { contentLength }: { readonly contentLength: number | null },
  bytesMax: number,
  source: BodySource,
): PulledBody {
  return contentLength === 0 ? NO_BODY : new PulledBody(contentLength, bytesMax, source);
}
