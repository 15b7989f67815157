// Memory for what came before anybody asked for it. Most of an upload's first packet does, with its
// head: to allocate 64 KiB for each cost a fifth of the CPU of storing 1 MB, in collecting them.

/** What is smaller is allocated as it comes: who drips holds no more than was sent. */
const SPARE_BYTES_MIN = 16 * 1024;
/** What one read brings at most. */
const SPARE_BYTES = 64 * 1024;
const SPARES_MAX = 32;

export class SpareBuffers {
  readonly #spares: ArrayBuffer[] = [];

  /** A copy of `bytes`, the caller's for good, or until it gives it back. */
  copyOf(bytes: Uint8Array): Uint8Array {
    if (bytes.length < SPARE_BYTES_MIN || bytes.length > SPARE_BYTES) return Buffer.from(bytes);
    const spare = this.#spares.pop() ?? new ArrayBuffer(SPARE_BYTES);
    const copy = new Uint8Array(spare, 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** `copy`, or a part of it, is needed by nobody any more. */
  give({ buffer }: Uint8Array): void {
    const isSpare = buffer instanceof ArrayBuffer && buffer.byteLength === SPARE_BYTES;
    if (isSpare && this.#spares.length < SPARES_MAX) this.#spares.push(buffer);
  }
}
