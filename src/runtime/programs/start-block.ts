// What execve(2) is told, as C wants it: strings that end in a NUL, and lists of their addresses,
// in two blocks a thread that grow as needed and are written over by the next start.
import type { Libc } from "./libc.ts";
import type { ProgramRun } from "./run.ts";

const TEXT_BYTES_FIRST = 16 * 1024;
/** As much as Linux takes by default. */
const TEXT_BYTES_MAX = 2 * 1024 * 1024;
const POINTERS_FIRST = 256;

export class StartBlock {
  file = 0n;
  cwd = 0n;
  argv = 0n;
  envp = 0n;
  readonly #libc: Libc;
  #text: Buffer = Buffer.alloc(0);
  #textAddress = 0n;
  #pointers: BigUint64Array = new BigUint64Array(0);
  #pointersAddress = 0n;

  constructor(calls: Libc) {
    this.#libc = calls;
    this.#growText(TEXT_BYTES_FIRST);
    this.#growPointers(POINTERS_FIRST);
  }

  /** Null, or why there can be no such program. */
  write({ file, args, cwd, environment }: ProgramRun): "E2BIG" | "EINVAL" | null {
    let bytes = 3 * (file.length + cwd.length) + environment.length + 3;
    for (const arg of args) bytes += 3 * arg.length + 1;
    if (bytes > TEXT_BYTES_MAX) return "E2BIG";
    if (bytes > this.#text.length) this.#growText(2 * bytes);
    this.#pointerAt = 0;
    this.#textAt = 0;
    this.cwd = this.#textAddress;
    if (!this.#writeText(cwd)) return "EINVAL";
    this.file = this.#textAddress + BigInt(this.#textAt);
    this.argv = 0n;
    if (!this.#point(file)) return "EINVAL";
    for (const arg of args) if (!this.#point(arg)) return "EINVAL";
    this.#pushPointer(0n);
    const envpAt = this.#pointerAt;
    this.#pointTo(environment);
    this.argv = this.#pointersAddress;
    this.envp = this.#pointersAddress + BigInt(8 * envpAt);
    return null;
  }

  #pointerAt = 0;
  #textAt = 0;

  /** False: it has a NUL, and would be cut there. */
  #writeText(text: string): boolean {
    if (text.includes("\0")) return false;
    this.#textAt += this.#text.write(text, this.#textAt, "utf8");
    this.#text[this.#textAt] = 0;
    this.#textAt += 1;
    return true;
  }

  #point(text: string): boolean {
    this.#pushPointer(this.#textAddress + BigInt(this.#textAt));
    return this.#writeText(text);
  }

  /** The environment's entries. What stands behind the last NUL is none. */
  #pointTo(environment: Uint8Array): void {
    this.#text.set(environment, this.#textAt);
    const end = this.#textAt + environment.length;
    let at = this.#textAt;
    for (;;) {
      const nul = this.#text.indexOf(0, at);
      if (nul < 0 || nul >= end) break;
      this.#pushPointer(this.#textAddress + BigInt(at));
      at = nul + 1;
    }
    this.#pushPointer(0n);
  }

  #pushPointer(address: bigint): void {
    if (this.#pointerAt === this.#pointers.length) this.#growPointers(2 * this.#pointerAt);
    this.#pointers[this.#pointerAt] = address;
    this.#pointerAt += 1;
  }

  #growText(bytes: number): void {
    this.#text = Buffer.allocUnsafeSlow(bytes);
    this.#textAddress = this.#libc.address(this.#text);
  }

  #growPointers(count: number): void {
    const grown = new BigUint64Array(count);
    grown.set(this.#pointers);
    this.#pointers = grown;
    this.#pointersAddress = this.#libc.address(grown);
  }
}
