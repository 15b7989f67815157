// A program's environment as it is handed over: `NAME=value`, each ended by a NUL. One block, as a
// string for each of forty variables costs more than writing all of them.
import type { VariableBytes } from "../../http/gateway/index.ts";

const FIRST_BYTES = 4096;
/** An UTF-16 unit takes three bytes of UTF-8 at most. */
const UNIT_BYTES_MAX = 3;
const EQUALS = 0x3d;

export class EnvironmentBlock implements VariableBytes {
  #block = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  text(name: string, value: string): void {
    this.#reserve(name.length + UNIT_BYTES_MAX * value.length + 2);
    this.#begin(name);
    this.#length += this.#block.write(value, this.#length);
    this.#block[this.#length++] = 0;
  }

  latin1(name: string, value: string): void {
    this.#reserve(name.length + value.length + 2);
    this.#begin(name);
    this.#length += this.#block.write(value, this.#length, "latin1");
    this.#block[this.#length++] = 0;
  }

  ready(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#block.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Begins anew. What `take` gave is overwritten from here on. */
  reset(): void {
    this.#length = 0;
  }

  /** All of it. */
  take(): Uint8Array {
    return this.#block.subarray(0, this.#length);
  }

  #begin(name: string): void {
    this.#length += this.#block.write(name, this.#length, "latin1");
    this.#block[this.#length++] = EQUALS;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#block.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#block.length));
    grown.set(this.#block.subarray(0, this.#length));
    this.#block = grown;
  }
}
