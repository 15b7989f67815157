// An app's own files: stored as uploads are, so that what was promised to be there is on the disk,
// whole, under its name, and what the next request sees, on every worker.
import { Failure } from "../../../base/failure.ts";
import {
  freshName,
  IncomingFile,
  mendedName,
  type CompleteFile,
  type FileRules,
} from "../../../http/incoming/index.ts";
import { AppRefused, orRefused } from "../app-refused.ts";
import type { PieceTaker, Taken } from "../../../http/pour-body.ts";
import type { RoomContext } from "../../../http/room.ts";
import { FolderLister, OpenFile, safeName, type Store } from "../../../storage/index.ts";
import { Part } from "../parts/index.ts";
import { FoundFile } from "./found-file.ts";
import { rulesOf, type StorageOptions } from "./options.ts";
import { lengthOf, piecesOf, type Source } from "./source.ts";

type OnConflict = StorageOptions["onConflict"];

export interface PutOptions {
  /** The media type that it is said to be; left out: the part's. */
  readonly type?: string;
  /** What happens where the name is taken; left out: as the route says. */
  readonly onConflict?: OnConflict;
}

/** What was stored. */
export interface StoredFile {
  /** The one it has, which may be another than the one it was meant to have. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What its bytes show, else what it was said to be. */
  readonly type: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface ListedFile {
  /** As `get` takes it. */
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes. */
  readonly size: number;
  readonly modified: Date;
}

/** The files of a route's app. What can't be done for the client's fault is thrown as `Refused`. */
export interface Storage {
  /**
   * Stores all of `source`. When it resolves, the bytes are on the disk; when it rejects, nothing
   * is left of them. `name` may be a path; null: a part's own name, made safe, else a fresh one.
   */
  put(name: string | null, source: Source, options?: PutOptions): Promise<StoredFile>;
  /** The file of that name; null: there is none. */
  get(name: string): Promise<FoundFile | null>;
  has(name: string): Promise<boolean>;
  /** Takes it away. False: it was not there. */
  delete(name: string): Promise<boolean>;
  /** What is in a folder, by name; "": the storage's own. */
  list(folder?: string): Promise<ListedFile[]>;
}

/** Keeps an app's files; null: the route says nothing of storage. */
export function storageOf(
  options: StorageOptions | undefined,
  context: RoomContext,
): Storage | null {
  return options === undefined ? null : new FolderStorage(options, context);
}

/** What an app is told that asks for a storage which is not there. */
export function missingStorage(): never {
  throw new TypeError(
    'this route has no storage: give it `app = { module = "…", storage = { to = "…" } }`',
  );
}

class FolderStorage implements Storage {
  readonly #options: StorageOptions;
  readonly #context: RoomContext;
  readonly #lister: FolderLister;
  #opening: Promise<Store> | null = null;

  constructor(options: StorageOptions, context: RoomContext) {
    this.#options = options;
    this.#context = context;
    this.#lister = new FolderLister(context.clock);
  }

  async put(
    name: string | null,
    source: Source,
    { type, onConflict }: PutOptions = {},
  ): Promise<StoredFile> {
    const pieces = piecesOf(source);
    const facts = {
      name: name === null ? ownName(source) : checkedName(name),
      declared: type ?? typeOf(source),
      bytes: lengthOf(source),
      field: null,
    };
    const store = await this.#store();
    const file = orRefused(await IncomingFile.begin(this.#rules(store), facts));
    const complete = await received(file, source, pieces);
    const placing = {
      draft: complete.draft,
      name: facts.name ?? freshName(complete.type, this.#context.clock.nowMs()),
      how: onConflict ?? this.#options.onConflict,
    };
    const [stored] = orRefused(await store.place([placing]));
    const { bytes: size } = complete;
    const sha256 = Buffer.from(complete.sha256!).toString("hex");
    return { name: stored!.name, size, type: complete.type, sha256 };
  }

  async get(name: string): Promise<FoundFile | null> {
    const store = await this.#store();
    const file = await this.#lookup(store, name);
    if (file === null) return null;
    const found = new FoundFile(name.normalize("NFC"), file, {
      store,
      open: async (one) => {
        const again = await this.#lookup(store, one);
        if (again === null) throw new AppRefused(new Failure("notFound", one));
        return again;
      },
      nowMs: () => this.#context.clock.nowMs(),
    });
    file.release();
    return found;
  }

  async has(name: string): Promise<boolean> {
    const file = await this.#lookup(await this.#store(), name);
    file?.release();
    return file !== null;
  }

  async delete(name: string): Promise<boolean> {
    const known = knownName(name);
    if (known === null) return false;
    const removed = await (await this.#store()).remove(known);
    if (removed instanceof Failure && removed.code === "notFound") return false;
    orRefused(removed);
    return true;
  }

  async list(folder = ""): Promise<ListedFile[]> {
    const known = folder === "" ? "" : knownName(folder);
    if (known === null) return [];
    const { root } = await this.#store();
    const listed = await this.#lister.list(root, known);
    if (listed instanceof Failure && listed.code === "notFound") return [];
    const below = known === "" ? "" : `${known}/`;
    return orRefused(listed)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, kind, size, mtimeMs }) => {
        return { name: below + name, kind, size, modified: new Date(mtimeMs) };
      });
  }

  async #store(): Promise<Store> {
    this.#opening ??= this.#context.stores.open(rulesOf(this.#options));
    try {
      return await this.#opening;
    } catch (error) {
      this.#opening = null; // a folder that could not be opened may be there the next time
      throw error;
    }
  }

  #rules(store: Store): FileRules {
    const { fileBytes, accept } = this.#options;
    return { store, fileBytesMax: fileBytes ?? Infinity, accept, digest: true };
  }

  /** The file of that name, retained; null where there is none, or it is a folder. */
  async #lookup(store: Store, name: string): Promise<OpenFile | null> {
    const known = knownName(name);
    if (known === null) return null;
    const found = await this.#context.files.lookup(store.root, known);
    if (found instanceof OpenFile) return found;
    if (found instanceof Failure && found.code !== "notFound") throw new AppRefused(found);
    return null;
  }
}

/** Writes all of `source`, or leaves nothing of it. */
async function received(
  file: IncomingFile,
  source: Source,
  pieces: ReturnType<typeof piecesOf>,
): Promise<CompleteFile> {
  let complete: CompleteFile | null = null;
  try {
    const write = (piece: Uint8Array): Taken => file.write(piece);
    orRefused(await (source instanceof Part ? Part.pour(source, write) : pour(pieces, write)));
    complete = orRefused(await file.end());
    return complete;
  } finally {
    if (complete === null) await file.drop();
  }
}

async function pour(
  pieces: ReturnType<typeof piecesOf>,
  take: PieceTaker,
): Promise<Failure | null> {
  for await (const piece of pieces) {
    const failure = await take(piece);
    if (failure !== null) return failure;
  }
  return null;
}

function ownName(source: Source): string | null {
  const filename = source instanceof Part ? source.filename : null;
  return filename === null ? null : mendedName(filename);
}

function typeOf(source: Source): string | null {
  if (source instanceof Part) return source.type;
  return source instanceof Blob && source.type !== "" ? source.type : null;
}

function checkedName(name: string): string {
  const known = knownName(name);
  if (known === null) throw new AppRefused(new Failure("nameRefused", JSON.stringify(name)));
  return known;
}

/** `name` as a file has it that is called so; null: none may be, by the rules of uploads' names. */
function knownName(name: string): string | null {
  if (typeof name !== "string") throw new TypeError(`a file's name is a text, no ${typeof name}`);
  const names = name.split("/").map((one) => (/%2f/i.test(one) ? null : safeName(one)));
  return names.includes(null) ? null : names.join("/");
}
