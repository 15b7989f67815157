// A request that is sent on as a GET: what it said of its body is no longer so.
import type { Fields } from "../../protocol/index.ts";
import type { RequestBody, RequestHead } from "./exchange.ts";

export const NO_BODY: RequestBody = {
  length: 0,
  // One for all such requests: nobody's bound is kept in it.
  get bytesMax(): number {
    return 0;
  },
  set bytesMax(_bytes: number) {},
  readyBytes: 0,
  read: async () => null,
  fill: async () => 0,
};

const OF_THE_BODY = new Set(["expect", "repr-digest", "trailer", "transfer-encoding"]);

/** `request` as a GET (HEAD stays HEAD), without the fields that describe a body. */
export function withoutBody(request: RequestHead): RequestHead {
  const { method, target, minorVersion, fields } = request;
  return {
    method: method === "HEAD" ? "HEAD" : "GET",
    target,
    minorVersion,
    fields: new FieldsOfNoBody(fields),
  };
}

class FieldsOfNoBody implements Fields {
  readonly #fields: Fields;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  get(name: string): string | null {
    return isOfTheBody(name) ? null : this.#fields.get(name);
  }

  has(name: string): boolean {
    return !isOfTheBody(name) && this.#fields.has(name);
  }

  all(name: string): string[] {
    return isOfTheBody(name) ? [] : this.#fields.all(name);
  }

  *entries(): IterableIterator<[name: string, value: string]> {
    for (const entry of this.#fields.entries()) if (!isOfTheBody(entry[0])) yield entry;
  }
}

function isOfTheBody(name: string): boolean {
  const lower = name.toLowerCase();
  return lower.startsWith("content-") || OF_THE_BODY.has(lower);
}
