// The folders that are served, each by one object, by which the cache knows it.
import type { Root } from "./open-below.ts";

export class Roots {
  readonly #hidden: string | undefined;
  readonly #known = new Map<string, Root>();

  /** `hidden`: see `Root`, of all of them. */
  constructor(hidden: string | undefined) {
    this.#hidden = hidden;
  }

  at(folder: string, followLinks: boolean): Root {
    const key = `${followLinks} ${folder}`;
    const root = this.#known.get(key) ?? { folder, followLinks, hidden: this.#hidden };
    this.#known.set(key, root);
    return root;
  }
}
