// One route's folder, and a request's way through it: path → file or folder → index file →
// sibling → reply. Each step answers at once when the cache knows, and by a promise when it must
// look, so that what is known goes out in the turn that it was asked for. Hence the pairs of
// methods: one asks, the other goes on with what was found.
import { Failure } from "../../base/failure.ts";
import type { Answer, Exchange } from "../../http/exchange/index.ts";
import {
  attachment,
  FileReplies,
  UPLOADED_FIELDS,
  uploadedDisposition,
  type FileReplyOptions,
} from "../../http/representation/index.ts";
import { pathBelowRoot, targetBelow, toFolder } from "../../http/below-route.ts";
import { isClaimed } from "../../http/claims.ts";
import type { RoomContext } from "../../http/room.ts";
import {
  FolderLister,
  OpenFile,
  type Lookup,
  type OpenFileCache,
  type Root,
} from "../../storage/index.ts";
import { lookedForPath, readCandidates, targetOf, type Candidates } from "./candidates.ts";
import { listingReply } from "./listing.ts";
import { KeptReplies } from "./kept-replies.ts";
import { MediaTypes } from "./media-types.ts";
import { reads, refusal } from "./methods.ts";
import type { StaticOptions } from "./options.ts";
import { startsBelow } from "./starts-below.ts";
import { Siblings, type Chosen } from "./siblings.ts";

type Answering = Answer | Promise<Answer>;

export class StaticFolder {
  readonly #options: StaticOptions;
  readonly #root: Root;
  readonly #files: OpenFileCache;
  readonly #lister: FolderLister;
  readonly #claimed: readonly string[];
  /** Where scripts lie, unless they are all that there is: who says so means it. */
  readonly #scripts: readonly string[];
  readonly #uploaded: readonly string[];
  readonly #candidates: Candidates | null;
  readonly #types: MediaTypes;
  readonly #siblings: Siblings | null;
  /** Requests that `try` sent on: one that comes back is not found, rather than a loop. */
  readonly #sentOn = new WeakSet<Exchange>();

  constructor(options: StaticOptions, context: RoomContext) {
    const { clock, files, claimedSuffixes, scriptFolders, uploadFolders } = context;
    this.#options = options;
    this.#root = files.root(options.root, options.followLinks);
    this.#files = files;
    this.#lister = new FolderLister(clock);
    this.#claimed = options.sources ? [] : claimedSuffixes;
    const scripts = options.sources ? [] : startsBelow(options.root, scriptFolders);
    this.#scripts = scripts.filter((start) => start !== "");
    this.#uploaded = startsBelow(options.root, uploadFolders);
    this.#candidates = readCandidates(options.try);
    this.#types = new MediaTypes(options.mediaTypes);
    this.#siblings = options.precompressed ? new Siblings(files, this.#root) : null;
  }

  answer(exchange: Exchange): Answering {
    const path = pathBelowRoot(exchange);
    if (this.#candidates === null) return this.#serve(exchange, path);
    return this.#try(exchange, path, this.#candidates);
  }

  async #try(exchange: Exchange, path: string, candidates: Candidates): Promise<Answer> {
    const { lookedFor, end } = candidates;
    for (const candidate of lookedFor) {
      const answer = await this.#serve(exchange, lookedForPath(candidate, path));
      if (!(answer instanceof Failure) || answer.code !== "notFound") return answer;
    }
    if ("code" in end) return new Failure(end.code, path);
    if (this.#sentOn.has(exchange)) return new Failure("notFound", path);
    this.#sentOn.add(exchange);
    return exchange.reroute(targetOf(end.target, exchange.rest, exchange.query));
  }

  #serve(exchange: Exchange, path: string): Answering {
    if (isClaimed(path, this.#claimed) || this.#isScripts(path)) {
      return new Failure("forbidden", path);
    }
    const found = this.#files.lookup(this.#root, path);
    if (!(found instanceof Promise)) return this.#found(exchange, path, found);
    return found.then((lookup) => this.#found(exchange, path, lookup));
  }

  #isScripts(path: string): boolean {
    return this.#scripts.length > 0 && this.#scripts.some((start) => path.startsWith(start));
  }

  #found(exchange: Exchange, path: string, found: Lookup): Answering {
    if (found instanceof Failure) return found;
    if (found instanceof OpenFile) return this.#file(exchange, path, found);
    const asked = exchange.path.endsWith("/");
    if (!asked && path === pathBelowRoot(exchange)) {
      return reads(exchange) ? toFolder(exchange) : refusal(exchange);
    }
    const folder = path === "" || path.endsWith("/") ? path : `${path}/`;
    return this.#index(exchange, folder, 0);
  }

  /** The folder's first index file from the `at`-th name on, else its listing. */
  #index(exchange: Exchange, folder: string, at: number): Answering {
    const name = this.#options.index[at];
    if (name === undefined) return this.#listing(exchange, folder);
    const found = this.#files.lookup(this.#root, folder + name);
    if (!(found instanceof Promise)) return this.#indexFound(exchange, folder, at, found);
    return found.then((lookup) => this.#indexFound(exchange, folder, at, lookup));
  }

  #indexFound(exchange: Exchange, folder: string, at: number, found: Lookup): Answering {
    const path = folder + this.#options.index[at]!;
    if (found instanceof OpenFile) {
      if (!isClaimed(path, this.#claimed)) return this.#file(exchange, path, found);
      found.release();
      return exchange.reroute(targetBelow(exchange, path));
    }
    if (found instanceof Failure && found.code !== "notFound") return found;
    return this.#index(exchange, folder, at + 1);
  }

  #listing(exchange: Exchange, folder: string): Answering {
    // A page's links are relative: without the slash they would lead to the folder's neighbours.
    const listed = this.#options.list && exchange.path.endsWith("/");
    if (!listed) return new Failure("notFound", folder);
    if (!reads(exchange)) return refusal(exchange);
    return this.#lister
      .list(this.#root, folder.slice(0, -1))
      .then((entries) => (entries instanceof Failure ? entries : listingReply(exchange, entries)));
  }

  #file(exchange: Exchange, path: string, file: OpenFile): Answering {
    if (!reads(exchange)) {
      file.release();
      return refusal(exchange);
    }
    if (this.#siblings === null) return this.#reply(exchange, path, plain(file));
    const chosen = this.#siblings.choose(exchange, path, file);
    if (!(chosen instanceof Promise)) return this.#reply(exchange, path, chosen);
    return chosen.then((one) => this.#reply(exchange, path, one));
  }

  #reply(exchange: Exchange, path: string, { file, coding, varies }: Chosen): Answer {
    const { kept } = file;
    const isKept = kept instanceof KeptReplies && kept.isFor(this, path, coding, varies);
    if (isKept) return kept.replies.answer(exchange);
    const replies = new FileReplies(file, this.#optionsFor(path, coding, varies));
    file.kept = new KeptReplies(this, path, coding, varies, replies);
    return replies.answer(exchange);
  }

  #optionsFor(path: string, coding: string | null, varies: boolean): FileReplyOptions {
    const { cacheControl, download } = this.#options;
    const contentType = this.#types.of(path);
    const isUploaded = this.#uploaded.some((start) => path.startsWith(start));
    const saved = isUploaded ? uploadedDisposition(path, contentType) : undefined;
    const disposition = saved ?? (download ? attachment(lastPart(path)) : undefined);
    return {
      contentType,
      ...(coding === null ? {} : { contentEncoding: coding }),
      ...(varies ? { vary: "Accept-Encoding" } : {}),
      ...(cacheControl === undefined ? {} : { cacheControl }),
      ...(disposition === undefined ? {} : { disposition }),
      ...(isUploaded ? { extra: UPLOADED_FIELDS } : {}),
    };
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function plain(file: OpenFile): Chosen {
  return { file, coding: null, varies: false };
}
