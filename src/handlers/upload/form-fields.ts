// The fields of a form that are no files: names and texts, in their order. A name that occurs more
// than once has a list.
import { Failure } from "../../base/failure.ts";
import { GrowingBytes } from "../../base/growing-bytes.ts";

/** How many: a form that a person fills in has fewer by far. */
const FIELDS_MAX = 1000;

export class FormFields {
  readonly #bytesMax: number;
  readonly #values = new Map<string, string[]>();
  #bytes = 0;
  #count = 0;
  #name = "";
  readonly #value = new GrowingBytes();

  /** `bytesMax` is for all names and values together. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  begin(name: string): Failure | null {
    this.#name = name;
    return this.#spend(Buffer.byteLength(name));
  }

  /** More of the value that was begun; `bytes` is copied. */
  add(bytes: Uint8Array): Failure | null {
    const failure = this.#spend(bytes.length);
    if (failure === null) this.#value.add(bytes);
    return failure;
  }

  end(): void {
    this.#put(this.#name, this.#value.take().toString());
  }

  /** Reads all of an application/x-www-form-urlencoded text (WHATWG URL §5.1). */
  read(text: string): Failure | null {
    for (const [name, value] of new URLSearchParams(text)) {
      if (++this.#count > FIELDS_MAX) return new Failure("fieldsTooLarge", `${FIELDS_MAX} fields`);
      this.#put(name, value);
    }
    return null;
  }

  /** `__proto__` is a name like any other. */
  toJSON(): Record<string, string | string[]> {
    const entries = Array.from(this.#values, ([name, values]) => {
      return [name, values.length === 1 ? values[0]! : values] as const;
    });
    return Object.fromEntries(entries);
  }

  #spend(bytes: number): Failure | null {
    this.#bytes += bytes;
    return this.#bytes > this.#bytesMax ? new Failure("fieldsTooLarge", this.#name) : null;
  }

  #put(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }
}
