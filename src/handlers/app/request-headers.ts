// The headers of a request. Looked up in what came; where an app goes through them or changes them,
// they turn into Node's own `Headers`, which answer from then on.
import { inspect, type InspectOptions } from "node:util";
import type { Fields } from "../../protocol/index.ts";
import { NativeHeaders, standInFor } from "./native-web.ts";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export class LightHeaders {
  readonly #fields: Fields;
  #native: Headers | null = null;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  get(name: string): string | null {
    if (this.#native !== null) return this.#native.get(name);
    const lower = lowerName(name);
    // Several Cookie lines, as HTTP/2 may send them, are one list of cookies (RFC 9113 §8.2.3).
    return lower === "cookie" ? cookies(this.#fields) : this.#fields.get(lower);
  }

  has(name: string): boolean {
    return this.#native === null ? this.#fields.has(lowerName(name)) : this.#native.has(name);
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#turned()[Symbol.iterator]();
  }

  /** Printed as Node's own are: what these inherit looks for its own private members. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    return inspect(this.#turned(), options);
  }

  static {
    standInFor(LightHeaders, NativeHeaders, (light) => (light as LightHeaders).#turned());
  }

  #turned(): Headers {
    if (this.#native !== null) return this.#native;
    const native = new NativeHeaders();
    for (const [name, value] of this.#fields.entries()) native.append(name, value);
    this.#native = native;
    return native;
  }
}

function cookies(fields: Fields): string | null {
  return fields.has("cookie") ? fields.all("cookie").join("; ") : null;
}

function lowerName(name: unknown): string {
  const text = String(name);
  if (!NAME.test(text)) throw new TypeError(`${JSON.stringify(text)} is no name of a header`);
  return text.toLowerCase();
}
