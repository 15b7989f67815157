// Which script a request is for: one of a folder, by the path, or the route's only one.
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
  type NameEnd,
  type ScriptPlace,
} from "../../http/gateway/index.ts";
import type { RoomContext } from "../../http/room.ts";
import type { OpenFile } from "../../storage/index.ts";
import { commandFor, Interpreters, type Command } from "./command.ts";
import type { CgiOptions } from "./options.ts";

/** A script that is to be run, and how. */
export interface Script extends ScriptPlace {
  readonly scriptFile: string;
  readonly command: Command;
  /** Where it runs: its own folder. */
  readonly folder: string;
}

export class Scripts {
  readonly #script: string | undefined;
  readonly #files: RoomContext["files"];
  readonly #interpreters: Interpreters;
  readonly #finder: ScriptFinder | null;
  readonly #nameEnd: NameEnd;

  constructor(options: CgiOptions, { files, route }: RoomContext) {
    this.#nameEnd = nameEndOf(route);
    const { root, script, interpreters, followLinks, index } = options;
    this.#script = script;
    this.#files = files;
    this.#interpreters = new Interpreters(interpreters);
    const isScript = (): boolean => true; // or nothing that may be asked for
    this.#finder =
      root === undefined
        ? null
        : new ScriptFinder({ files, root: files.root(root, followLinks), index, isScript });
  }

  /** A reply where the client has to ask for another address first. */
  of(exchange: Exchange): Promise<Script | Reply | Failure> {
    return this.#finder === null ? this.#only(exchange) : this.#found(exchange, this.#finder);
  }

  async #found(exchange: Exchange, finder: ScriptFinder): Promise<Script | Reply | Failure> {
    const found = await finder.find(pathBelowRoot(exchange));
    if (found instanceof Failure) return found;
    const { file, isIndex } = found;
    try {
      // The addresses in its pages are relative to the folder.
      if (isIndex && !exchange.path.endsWith("/")) return toFolder(exchange);
      return await this.#toRun(file, placeOfFound(exchange.path, found, file.path));
    } finally {
      file.release();
    }
  }

  async #only(exchange: Exchange): Promise<Script | Failure> {
    const file = await openScript(this.#files, this.#script!);
    if (file instanceof Failure) return file;
    try {
      return await this.#toRun(file, placeOfRoute(exchange, this.#nameEnd, file.path));
    } finally {
      file.release();
    }
  }

  async #toRun(
    file: OpenFile,
    place: ScriptPlace & { readonly scriptFile: string },
  ): Promise<Script | Failure> {
    const command = await commandFor(file, this.#interpreters);
    if (command instanceof Failure) return command;
    return { ...place, command, folder: dirname(place.scriptFile) };
  }
}
