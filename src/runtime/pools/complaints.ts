// What a program writes to standard error, line by line and within bounds, for the log.
const LINE_CHARACTERS_MAX = 4096;

export class Complaints {
  readonly #tell: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #line = "";

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  feed(bytes: Uint8Array): void {
    const lines = this.#decoder.decode(bytes, { stream: true }).split("\n");
    for (const [index, piece] of lines.entries()) {
      if (index > 0) this.end();
      this.#line += piece.slice(0, LINE_CHARACTERS_MAX - this.#line.length);
    }
  }

  /** Tells what has no end yet. */
  end(): void {
    const line = this.#line.trimEnd();
    this.#line = "";
    if (line !== "") this.#tell(line);
  }
}
