// What the requests of one upload route share: its rules, the store behind it, and what happens to
// files that have come whole: they get their names, all or none, and then whoever asked is told.
import { basename } from "node:path";
import { Failure } from "../../base/failure.ts";
import type { Exchange } from "../../http/exchange/index.ts";
import {
  freshName,
  storeRules,
  type CompleteFile,
  type FileRules,
} from "../../http/incoming/index.ts";
import type { RoomContext } from "../../http/room.ts";
import { hookOf, type Hook } from "../../runtime/index.ts";
import type { Condition, OnConflict, Store, Stored, StoreRules } from "../../storage/index.ts";
import type { UploadOptions } from "./options.ts";
import { RoutePictures } from "./route-pictures.ts";

/** A file that is to get a name; a fresh one where it came with none. */
export interface Wish {
  readonly file: CompleteFile;
  readonly how: OnConflict;
  readonly condition?: Condition;
}

/** A file that has its name. */
export interface KeptFile {
  readonly file: CompleteFile;
  readonly stored: Stored;
  /** The widths of the smaller pictures that were made of it. */
  readonly thumbnails: readonly number[];
}

export class UploadFolder {
  readonly options: UploadOptions;
  readonly context: RoomContext;
  readonly store: Store;
  readonly pictures: RoutePictures | null;
  readonly rules: FileRules;
  readonly #hook: Hook | null;

  private constructor(options: UploadOptions, context: RoomContext, store: Store) {
    this.options = options;
    this.context = context;
    this.store = store;
    const pictures = RoutePictures.of(options, context, store, rulesOf(options));
    this.pictures = pictures;
    this.rules = {
      store,
      fileBytesMax: options.fileBytes ?? Infinity,
      accept: options.accept,
      strip: options.images?.strip,
      digest: options.digest,
      complaint: async (file) => (await pictures?.complaint(file)) ?? null,
    };
    this.#hook = options.onStored === undefined ? null : hookOf(options.onStored);
  }

  static async open(options: UploadOptions, context: RoomContext): Promise<UploadFolder> {
    return new UploadFolder(options, context, await context.stores.open(rulesOf(options)));
  }

  /** Gives all of them their names below `into`, or none. What gets no name is dropped. */
  async keep(wishes: readonly Wish[], into = ""): Promise<KeptFile[] | Failure> {
    const nowMs = this.context.clock.nowMs();
    const below = into === "" ? "" : `${into}/`;
    const placings = wishes.map(({ file, how, condition }) => ({
      draft: file.draft,
      name: below + (file.facts.name ?? freshName(file.type, nowMs)),
      how,
      ...(condition === undefined ? {} : { condition }),
    }));
    const replaced = (await this.pictures?.digestsOfReplaced(placings)) ?? [];
    const placed = await this.store.place(placings);
    if (placed instanceof Failure) return placed;
    for (const sha256 of replaced) await this.pictures!.forget(sha256);
    const kept = placed.map(async (stored, index) => this.#kept(wishes[index]!.file, stored));
    return Promise.all(kept);
  }

  async #kept(file: CompleteFile, stored: Stored): Promise<KeptFile> {
    const { type, bytes, sha256 } = file;
    if (this.#hook !== null && stored.written) {
      this.context.events.stored(this.#hook, {
        route: this.context.route,
        name: stored.name,
        path: `${this.options.to}/${stored.name}`,
        size: bytes,
        type,
        sha256: sha256 === null ? null : Buffer.from(sha256).toString("hex"),
      });
    }
    const thumbnails = (await this.pictures?.thumbnails(file, stored)) ?? [];
    return { file, stored, thumbnails };
  }

  /** `/`, the last part of `to`, `/`, the name: as older programs want to be told. */
  filepath(name: string): string {
    return `/${basename(this.options.to)}/${name}`;
  }

  /** The path of a stored file's own address. */
  address(exchange: Exchange, name: string): string {
    const prefix = exchange.path.slice(0, exchange.prefixLength).replace(/\/+$/, "");
    return encodedPath(`${prefix}/${name}`);
  }
}

/** How the folder of a route with these options is written to. */
export function rulesOf(options: UploadOptions): StoreRules {
  // A smaller picture is found by the digest of what it was made of.
  const digest = options.digest || (options.images?.thumbnails.length ?? 0) > 0;
  return storeRules(options, digest);
}

function encodedPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
