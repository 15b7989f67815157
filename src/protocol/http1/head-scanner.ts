// A start line and the fields below it, or trailers, which have no start line. A head that comes
// whole is scanned where it lies. One that does not is copied to where the rest is put behind it;
// what was scanned is not scanned again, so a head that comes byte by byte costs no more than its
// length.
import { Failure } from "../../base/failure.ts";
import type { Http1FailureCode } from "./failures.ts";
import { FieldLines } from "./field-lines.ts";
import { FieldSection } from "./field-section.ts";

const HELD_BYTES_MIN = 512;
const NOTHING = new Uint8Array(0);

/** The first line of a head. Its offsets count from the head's first byte. */
export interface StartLine {
  /** With CR LF; it must fail or be done before. */
  readonly bytesMax: number;
  readonly done: boolean;
  restart(): void;
  /**
   * Goes on at `from`, the place where it stopped. Returns where it stops: at `end`, or when done.
   */
  scan(bytes: Uint8Array, from: number, end: number): number | Failure<Http1FailureCode>;
}

export interface HeadScannerOptions {
  readonly startLine: StartLine | null;
  /** Of all field lines and the empty line behind them. */
  readonly fieldBytesMax: number;
  readonly tooLarge: "headTooLarge" | "trailersTooLarge";
}

export class HeadScanner {
  readonly #startLine: StartLine | null;
  readonly #fieldBytesMax: number;
  readonly #tooLarge: "headTooLarge" | "trailersTooLarge";
  readonly #section = new FieldSection();
  #scanned = 0;
  #fieldsStart = 0;
  #held: Uint8Array = NOTHING;
  #heldBytes = 0;
  #text = "";

  constructor({ startLine, fieldBytesMax, tooLarge }: HeadScannerOptions) {
    this.#startLine = startLine;
    this.#fieldBytesMax = fieldBytesMax;
    this.#tooLarge = tooLarge;
  }

  get done(): boolean {
    return this.#section.done;
  }

  /** Once done: the head in latin1, a character a byte. */
  get text(): string {
    return this.#text;
  }

  /** Once done: valid for good, whatever is scanned next. */
  fields(): FieldLines {
    return new FieldLines(this.#text, this.#section.marks);
  }

  get empty(): boolean {
    return this.#section.marks.length === 0;
  }

  restart(): void {
    this.#startLine?.restart();
    this.#section.restart();
    this.#scanned = 0;
    this.#fieldsStart = 0;
    this.#text = "";
  }

  /** Returns how many bytes of `input` were the head's. */
  feed(input: Uint8Array): number | Failure<Http1FailureCode> {
    const before = this.#heldBytes;
    if (before > 0) this.#hold(input, this.#bytesMax - before);
    const bytes = before > 0 ? this.#held : input;
    const failure = this.#scan(bytes, before > 0 ? this.#heldBytes : input.length);
    if (failure !== null) return failure;
    if (!this.done) {
      if (before === 0) this.#hold(input, input.length);
      return input.length;
    }
    this.#text = latin1(bytes, this.#scanned);
    this.#held = NOTHING;
    this.#heldBytes = 0;
    return this.#scanned - before;
  }

  get #bytesMax(): number {
    return (this.#startLine?.bytesMax ?? 0) + this.#fieldBytesMax;
  }

  #scan(bytes: Uint8Array, end: number): Failure<Http1FailureCode> | null {
    if (this.#startLine !== null && !this.#startLine.done) {
      const at = this.#startLine.scan(bytes, this.#scanned, end);
      if (at instanceof Failure) return at;
      this.#scanned = at;
      if (!this.#startLine.done) return null;
      this.#fieldsStart = at;
    }
    const fieldsEndMax = this.#fieldsStart + this.#fieldBytesMax;
    const at = this.#section.scan(bytes, this.#scanned, Math.min(end, fieldsEndMax));
    if (at instanceof Failure) return at;
    this.#scanned = at;
    return at === fieldsEndMax && !this.done ? new Failure(this.#tooLarge) : null;
  }

  #hold(input: Uint8Array, bytesMax: number): void {
    const piece = input.length > bytesMax ? input.subarray(0, bytesMax) : input;
    const needed = this.#heldBytes + piece.length;
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.max(HELD_BYTES_MIN, 2 * needed));
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#held.set(piece, this.#heldBytes);
    this.#heldBytes = needed;
  }
}

function latin1(bytes: Uint8Array, end: number): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, end);
  return buffer.toString("latin1", 0, end);
}
