// Standard error, as lines for a log. A program can write there what it likes, for as long as it
// likes: long lines are cut, and behind a bound all is read and dropped, so that no disk fills.

const LINE_BYTES_MAX = 4096;
const BYTES_MAX = 64 * 1024;
const LF = 0x0a;
const LEFT_OUT = "it writes more to standard error, which is left out";

export class ComplaintLines {
  readonly #tell: (line: string) => void;
  readonly #bytesMax: number;
  #line: Buffer | null = null; // what has come of one that is not over
  #cut = false; // the rest of this line is dropped
  #bytes = 0;

  /** `bytesMax`: of all lines together. */
  constructor(tell: (line: string) => void, bytesMax = BYTES_MAX) {
    this.#tell = tell;
    this.#bytesMax = bytesMax;
  }

  feed(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && this.#bytes <= this.#bytesMax) {
      const found = bytes.indexOf(LF, at);
      const end = found < 0 ? bytes.length : found;
      if (end > at) this.#keep(bytes.subarray(at, end));
      if (found >= 0) this.#endLine();
      at = end + 1;
    }
  }

  /** Nothing follows. */
  end(): void {
    this.#endLine();
  }

  #keep(part: Uint8Array): void {
    if (this.#cut) return;
    const room = LINE_BYTES_MAX - (this.#line?.length ?? 0);
    this.#cut = part.length > room;
    const kept = part.subarray(0, room);
    this.#line = this.#line === null ? Buffer.from(kept) : Buffer.concat([this.#line, kept]);
    this.#bytes += kept.length;
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = null;
    this.#cut = false;
    if (line === null) return;
    const text = line.toString("utf8").trimEnd();
    if (text === "") return;
    this.#tell(text);
    if (this.#bytes > this.#bytesMax) this.#tell(LEFT_OUT);
  }
}
