// The headers of a `Request` (Fetch), as handlers read the fields of any request.
import type { Fields } from "../protocol/index.ts";

export class HeaderFields implements Fields {
  readonly #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    return this.#headers.get(name);
  }

  has(name: string): boolean {
    return this.#headers.has(name);
  }

  /** One at most: headers have them joined. */
  all(name: string): string[] {
    const value = this.#headers.get(name);
    return value === null ? [] : [value];
  }

  entries(): IterableIterator<[name: string, value: string]> {
    return this.#headers.entries();
  }
}
