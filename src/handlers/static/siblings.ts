// Precompressed siblings: beside `app.js` may lie `app.js.zst`, `.br` and `.gz`, made when the
// site was. One that is older than its file is of an older version, and is not sent. Where there
// is a fresh one the answer depends on Accept-Encoding, whether or not the client gets it: caches
// must be told (RFC 9110 §12.5.5).
import type { Exchange } from "../../http/exchange/index.ts";
import { chooseEncoding } from "../../http/representation/index.ts";
import { OpenFile, type Lookup, type OpenFileCache, type Root } from "../../storage/index.ts";

/** By preference among those that the client likes equally. */
const CODINGS = [
  { coding: "zstd", suffix: ".zst" },
  { coding: "br", suffix: ".br" },
  { coding: "gzip", suffix: ".gz" },
] as const;

const CODED = /\.(?:zst|br|gz)$/;

// A fresh git checkout, or an archive that is unpacked, writes `app.js` and `app.js.br` in one
// moment and in any order. Some file systems tell times in steps of 2 s, too.
const OLDER_MS = 2000;

/** The file to send, retained for the caller; `coding` is null for the plain one. */
export interface Chosen {
  readonly file: OpenFile;
  readonly coding: string | null;
  readonly varies: boolean;
}

interface Sibling {
  readonly coding: string;
  readonly file: OpenFile;
}

/** Chooses between a file and its siblings. */
export class Siblings {
  readonly #files: OpenFileCache;
  readonly #root: Root;
  /** The look at a file by which it had no siblings: until the next they are not looked for. */
  readonly #bareAt = new WeakMap<OpenFile, number>();

  constructor(files: OpenFileCache, root: Root) {
    this.#files = files;
    this.#root = root;
  }

  /** Takes over `file`'s reference. A promise only where a sibling was not looked at lately. */
  choose(exchange: Exchange, path: string, file: OpenFile): Chosen | Promise<Chosen> {
    if (this.#bareAt.get(file) === file.looks || CODED.test(path)) return plain(file, false);
    if (this.#areAbsent(path, file)) {
      this.#bareAt.set(file, file.looks);
      return plain(file, false);
    }
    const found = CODINGS.map(({ suffix }) => this.#files.lookup(this.#root, path + suffix));
    if (!found.some((one) => one instanceof Promise)) {
      return this.#chosen(exchange, file, found as Lookup[]);
    }
    return this.#chosenLater(exchange, file, found);
  }

  async #chosenLater(
    exchange: Exchange,
    file: OpenFile,
    found: readonly (Lookup | Promise<Lookup>)[],
  ): Promise<Chosen> {
    const settled = await Promise.allSettled(found.map((one) => Promise.resolve(one)));
    const lookups = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const failed = settled.find((one) => one.status === "rejected");
    if (failed === undefined) return this.#chosen(exchange, file, lookups);
    // The answer is an error of ours: what was found beside it is held by nobody else.
    for (const one of [file, ...lookups]) if (one instanceof OpenFile) one.release();
    throw failed.reason;
  }

  #areAbsent(path: string, file: OpenFile): boolean {
    for (const { suffix } of CODINGS) {
      if (!this.#files.isAbsent(this.#root, path + suffix, file)) return false;
    }
    return true;
  }

  #chosen(exchange: Exchange, file: OpenFile, found: readonly Lookup[]): Chosen {
    const siblings = freshOnes(file, found);
    if (siblings.length === 0) {
      this.#bareAt.set(file, file.looks);
      return plain(file, false);
    }
    const codings = siblings.map(({ coding }) => coding);
    const coding = chooseEncoding(exchange.fields, codings);
    const taken = siblings.find((one) => one.coding === coding) ?? null;
    for (const one of siblings) if (one !== taken) one.file.release();
    if (taken === null) return plain(file, true);
    file.release();
    return { file: taken.file, coding, varies: true };
  }
}

function plain(file: OpenFile, varies: boolean): Chosen {
  return { file, coding: null, varies };
}

/** The siblings that are there and not older than `file`; others that were found are released. */
function freshOnes(file: OpenFile, found: readonly Lookup[]): Sibling[] {
  return found.flatMap((one, index) => {
    if (!(one instanceof OpenFile)) return [];
    if (one.mtimeMs + OLDER_MS >= file.mtimeMs) {
      return [{ coding: CODINGS[index]!.coding, file: one }];
    }
    one.release();
    return [];
  });
}
