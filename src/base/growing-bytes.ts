// Bytes that come in pieces and are needed as one. They are copied into one block, which grows: a
// list of the pieces would cost some 150 bytes for each, so that who sends a mebibyte byte by byte
// would take 150 of memory.

export class GrowingBytes {
  #block: Uint8Array = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Copies `bytes` behind what is there. */
  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#block.length) this.#grow(length);
    this.#block.set(bytes, this.#length);
    this.#length = length;
  }

  /** All that came, the caller's for good; what comes from now on is gathered anew. */
  take(): Buffer {
    const { buffer, byteOffset } = this.#block;
    const taken = Buffer.from(buffer, byteOffset, this.#length);
    this.#block = new Uint8Array(0);
    this.#length = 0;
    return taken;
  }

  #grow(lengthMin: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(lengthMin, 2 * this.#block.length));
    grown.set(this.#block.subarray(0, this.#length));
    this.#block = grown;
  }
}
