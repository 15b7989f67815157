// What a route does with pictures: refuses those that can't be read or are too large, and keeps
// smaller ones of each, in a folder of their own beside what was uploaded. A smaller picture is
// named by the digest of what it was made of, so it is never one of something else; one that is not
// there (the folder was moved, the route is new) is made when it is asked for.
import { Failure } from "../../base/failure.ts";
import type { Answer, Exchange } from "../../http/exchange/index.ts";
import type { CompleteFile } from "../../http/incoming/index.ts";
import { isBitmap, replyWithFile, UPLOADED_FIELDS } from "../../http/representation/index.ts";
import type { RoomContext } from "../../http/room.ts";
import {
  OpenFile,
  type Placing,
  type Store,
  type Stored,
  type StoreRules,
} from "../../storage/index.ts";
import type { UploadOptions } from "./options.ts";
import { Pictures } from "./pictures/index.ts";

/** Below the folder of a route: nobody is served from it by its name. */
const FOLDER = ".portico-thumbnails";
const TYPE = "image/webp";

export class RoutePictures {
  readonly #context: RoomContext;
  readonly #store: Store;
  readonly #widths: readonly number[];
  readonly #pictures: Pictures;
  readonly #rules: StoreRules;

  private constructor(
    { maxPixels, thumbnails }: NonNullable<UploadOptions["images"]>,
    context: RoomContext,
    store: Store,
    rules: StoreRules,
  ) {
    this.#context = context;
    this.#store = store;
    this.#widths = thumbnails;
    this.#pictures = new Pictures(maxPixels, context);
    this.#rules = {
      ...rules,
      folder: `${rules.folder}/${FOLDER}`,
      digest: false,
      quotaBytes: null,
    };
  }

  /** Null where the route says nothing of pictures. */
  static of(
    options: UploadOptions,
    context: RoomContext,
    store: Store,
    rules: StoreRules,
  ): RoutePictures | null {
    const { images } = options;
    return images === undefined ? null : new RoutePictures(images, context, store, rules);
  }

  /** Why a picture is not taken, or null; what is none is not looked at. */
  async complaint({ draft, type }: Pick<CompleteFile, "draft" | "type">): Promise<Failure | null> {
    if (!isBitmap(type)) return null;
    const size = await this.#pictures.look(draft.path);
    return size instanceof Failure ? size : null;
  }

  /** Makes the smaller pictures of a file that was stored. Returns the widths that there are. */
  async thumbnails({ type, sha256 }: CompleteFile, stored: Stored): Promise<readonly number[]> {
    if (this.#widths.length === 0 || !isBitmap(type) || sha256 === null) return [];
    const file = await this.#context.files.lookup(this.#store.root, stored.name);
    if (!(file instanceof OpenFile)) return [];
    try {
      const made: number[] = [];
      for (const width of this.#widths) {
        // oxlint-disable-next-line no-await-in-loop -- few decoders for all
        if ((await this.#make(file, sha256, width)) === null) made.push(width);
      }
      return made;
    } finally {
      file.release();
    }
  }

  /** Answers with the smaller picture of `file`, whose reference is taken over. */
  async serve(exchange: Exchange, file: OpenFile, width: number): Promise<Answer> {
    try {
      if (!this.#widths.includes(width)) return new Failure("notFound", `${width} wide`);
      const sha256 = await this.#store.digestOf(file);
      const found = (await this.#find(sha256, width)) ?? (await this.#made(file, sha256, width));
      if (found instanceof Failure) return found;
      return replyWithFile(exchange, found, { contentType: TYPE, extra: UPLOADED_FIELDS });
    } finally {
      file.release();
    }
  }

  async #made(file: OpenFile, sha256: Uint8Array, width: number): Promise<OpenFile | Failure> {
    const failure = await this.#make(file, sha256, width);
    return failure ?? (await this.#find(sha256, width)) ?? new Failure("notFound");
  }

  async #make(file: OpenFile, sha256: Uint8Array, width: number): Promise<Failure | null> {
    const bytes = await this.#pictures.thumbnail(file.path, width);
    if (bytes instanceof Failure) return bytes;
    const store = await this.#context.stores.open(this.#rules);
    const draft = await store.draft(bytes.length);
    if (draft instanceof Failure) return draft;
    const failure = (await draft.write(bytes)) ?? (await draft.seal());
    if (failure instanceof Failure) {
      await draft.drop();
      return failure;
    }
    const placed = await store.place([{ draft, name: nameOf(sha256, width), how: "replace" }]);
    return placed instanceof Failure ? placed : null;
  }

  async #find(sha256: Uint8Array, width: number): Promise<OpenFile | null> {
    const store = await this.#context.stores.open(this.#rules);
    const found = await this.#context.files.lookup(store.root, nameOf(sha256, width));
    return found instanceof OpenFile ? found : null;
  }

  /** Of the files whose names `placings` take: nobody asks for their smaller pictures again. */
  async digestsOfReplaced(placings: readonly Placing[]): Promise<Uint8Array[]> {
    if (this.#widths.length === 0) return [];
    const digests: Uint8Array[] = [];
    for (const { name, how } of placings) {
      if (how !== "replace") continue;
      const file = await this.#context.files.lookup(this.#store.root, name);
      if (!(file instanceof OpenFile)) continue;
      try {
        const sha256 = await this.#store.keptDigest(file);
        if (sha256 !== null) digests.push(sha256);
      } finally {
        file.release();
      }
    }
    return digests;
  }

  /** Takes away the smaller ones of a file that is gone; another of its bytes gets new ones. */
  async forget(sha256: Uint8Array | null): Promise<void> {
    if (sha256 === null || this.#widths.length === 0) return;
    const store = await this.#context.stores.open(this.#rules);
    for (const width of this.#widths) {
      // oxlint-disable-next-line no-await-in-loop -- a few names
      await store.remove(nameOf(sha256, width));
    }
  }
}

function nameOf(sha256: Uint8Array, width: number): string {
  return `${Buffer.from(sha256).toString("hex")}.${width}.webp`;
}
