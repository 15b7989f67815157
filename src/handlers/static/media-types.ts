import { mediaTypeOf } from "../../http/representation/index.ts";

/** The type of a file by the end of its name; the route's own suffixes first, longest first. */
export class MediaTypes {
  readonly #own: readonly (readonly [suffix: string, type: string])[];

  constructor(own: Readonly<Record<string, string>>) {
    this.#own = Object.entries(own)
      .map(([suffix, type]) => [suffix.toLowerCase(), type] as const)
      .toSorted(([a], [b]) => b.length - a.length);
  }

  of(path: string): string {
    if (this.#own.length > 0) {
      const name = path.toLowerCase();
      for (const [suffix, type] of this.#own) if (name.endsWith(suffix)) return type;
    }
    return mediaTypeOf(path);
  }
}
