// The first line of what comes over a socket, up to a bound.

const LINE_FEED = 0x0a;

export class FirstLine {
  readonly #bytesMax: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The line without its end once it is whole, null before; "tooLong" when it passed the bound. */
  feed(chunk: Uint8Array): { readonly text: string } | "tooLong" | null {
    const end = chunk.indexOf(LINE_FEED);
    const piece = end < 0 ? chunk : chunk.subarray(0, end);
    this.#bytes += piece.length;
    if (this.#bytes > this.#bytesMax) {
      this.#chunks = [];
      return "tooLong";
    }
    this.#chunks.push(piece);
    return end < 0 ? null : { text: Buffer.concat(this.#chunks).toString("utf8") };
  }
}
