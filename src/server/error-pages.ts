// A site's own pages for error answers: read once, when the config is taken.
import { readFileSync } from "node:fs";
import { mediaTypeOf } from "../http/representation/index.ts";
import type { SiteConfig } from "./config.ts";

export interface ErrorPage {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** Pages by status ("404") or class ("4xx"); the exact one wins. */
export class ErrorPages {
  readonly #pages = new Map<string, ErrorPage>();

  constructor(site: SiteConfig) {
    for (const [status, file] of Object.entries(site.errorPages)) {
      this.#pages.set(status, { bytes: readFileSync(file), type: mediaTypeOf(file) });
    }
  }

  pageFor(status: number): ErrorPage | null {
    const text = String(status);
    return this.#pages.get(text) ?? this.#pages.get(`${text[0]}xx`) ?? null;
  }
}
