// Which script a request is for. It is looked for in the route's folder before the program is
// asked: PHP that is handed a path of which only the beginning is a file runs that
// (cgi.fix_pathinfo), be it a picture that somebody uploaded. Where nothing is on the way, a
// program of our own is not asked; one at an address may run elsewhere, and have files of its own.
import { dirname } from "node:path";
import { Failure } from "../../base/failure.ts";
import { pathBelowRoot, toFolder } from "../../http/below-route.ts";
import type { Exchange, Reply } from "../../http/exchange/index.ts";
import {
  nameEndOf,
  openScript,
  placeOfFound,
  placeOfRoute,
  ScriptFinder,
  type FoundScript,
  type NameEnd,
  type ScriptPlace,
} from "../../http/gateway/index.ts";
import type { RoomContext } from "../../http/room.ts";
import type { FastCgiOptions } from "./options.ts";

/** A reply: the client has to ask for another address first. */
type PlaceAnswer = ScriptPlace | Reply | Failure;

export class Scripts {
  readonly #files: RoomContext["files"];
  readonly #script: string | null;
  readonly #finder: ScriptFinder | null;
  readonly #backendRoot: string | null;
  readonly #root: string;
  readonly #mayHaveMore: boolean;
  readonly #nameEnd: NameEnd;

  constructor(options: FastCgiOptions, { files, route }: RoomContext) {
    const { root, followLinks, index, script, backendRoot } = options;
    this.#root = root ?? "";
    this.#mayHaveMore = options.address !== undefined;
    this.#nameEnd = nameEndOf(route);
    this.#files = files;
    this.#script = script ?? null;
    this.#backendRoot = backendRoot?.replace(/\/+$/, "") ?? null;
    const suffixes = scriptSuffixes(route, options.suffixes);
    const isScript = (name: string): boolean => suffixes.some((end) => name.endsWith(end));
    this.#finder =
      root === undefined
        ? null
        : new ScriptFinder({ files, root: files.root(root, followLinks), index, isScript });
  }

  /** A promise only where the disk is asked. */
  of(exchange: Exchange): PlaceAnswer | Promise<PlaceAnswer> {
    if (this.#finder !== null) {
      const found = this.#finder.find(pathBelowRoot(exchange));
      if (!(found instanceof Promise)) return this.#placeOf(exchange, found);
      return found.then((late) => this.#placeOf(exchange, late));
    }
    if (this.#script !== null) return this.#only(exchange, this.#script);
    return placeOfRoute(exchange, this.#nameEnd, null);
  }

  #placeOf(exchange: Exchange, found: FoundScript | Failure): PlaceAnswer | Promise<PlaceAnswer> {
    if (found instanceof Failure) return this.#notFound(exchange, found);
    const { file, path, isIndex } = found;
    file.release(); // the program opens it itself
    // The addresses in an index script's pages are relative to the folder.
    if (isIndex && !exchange.path.endsWith("/")) return toFolder(exchange);
    const scriptFile = this.#backendRoot === null ? file.path : `${this.#backendRoot}/${path}`;
    return placeOfFound(exchange.path, found, scriptFile);
  }

  async #notFound(exchange: Exchange, failure: Failure): Promise<PlaceAnswer> {
    if (failure.code !== "notFound" || !this.#mayHaveMore) return failure;
    const absent = await this.#finder!.absent(pathBelowRoot(exchange));
    if (absent === null) return failure;
    const { path, pathInfo } = absent;
    const scriptName = exchange.path.slice(0, exchange.path.length - pathInfo.length);
    return { scriptName, pathInfo, scriptFile: `${this.#backendRoot ?? this.#root}/${path}` };
  }

  async #only(exchange: Exchange, script: string): Promise<ScriptPlace | Failure> {
    const file = await openScript(this.#files, script);
    if (file instanceof Failure) return file;
    file.release();
    return placeOfRoute(exchange, this.#nameEnd, script);
  }
}

/** What scripts end in: what the route's own path says (`*.php`), else `suffixes`. */
export function scriptSuffixes(route: string, suffixes: readonly string[]): readonly string[] {
  const own = suffixOf(route);
  return own === null ? suffixes : [own];
}

function suffixOf(route: string): string | null {
  return /\*(\.[^/]+)$/.exec(route)?.[1] ?? null;
}

/** DOCUMENT_ROOT, as the program sees it; null: it is told of none. */
export function documentRootOf(
  { root, script, backendRoot }: FastCgiOptions,
  { documentRoot }: Pick<RoomContext, "documentRoot">,
): string | null {
  return backendRoot ?? root ?? documentRoot ?? (script === undefined ? null : dirname(script));
}
