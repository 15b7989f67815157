// Which script a request is for: one of a folder, by the path, or the route's only one.
import { basename, dirname } from "node:path";
import { Failure } from "../../base/failure.ts";
import { pathBelowRoot, toFolder } from "../../http/below-route.ts";
import type { Exchange, Reply } from "../../http/exchange/index.ts";
import { ScriptFinder, type ScriptPlace } from "../../http/gateway/index.ts";
import type { RoomContext } from "../../http/room.ts";
import { OpenFile } from "../../storage/index.ts";
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
  readonly #options: CgiOptions;
  readonly #files: RoomContext["files"];
  readonly #interpreters: Interpreters;
  readonly #finder: ScriptFinder | null;

  constructor(options: CgiOptions, { files }: RoomContext) {
    this.#options = options;
    this.#files = files;
    this.#interpreters = new Interpreters(options.interpreters);
    const { root, followLinks, index } = options;
    this.#finder =
      root === undefined
        ? null
        : new ScriptFinder({
            files,
            root: files.root(root, followLinks),
            index,
            isScript: () => true,
          });
  }

  /** A reply where the client has to ask for another address first. */
  of(exchange: Exchange): Promise<Script | Reply | Failure> {
    return this.#finder === null ? this.#only(exchange) : this.#found(exchange, this.#finder);
  }

  async #found(exchange: Exchange, finder: ScriptFinder): Promise<Script | Reply | Failure> {
    const { path } = exchange;
    const found = await finder.find(pathBelowRoot(exchange));
    if (found instanceof Failure) return found;
    const { file, pathInfo, isIndex } = found;
    try {
      if (!isIndex)
        return await this.#scriptOf(file, path.slice(0, -pathInfo.length || undefined), pathInfo);
      // The addresses in its pages are relative to the folder.
      if (!path.endsWith("/")) return toFolder(exchange);
      return await this.#scriptOf(file, path + file.path.slice(file.path.lastIndexOf("/") + 1), "");
    } finally {
      file.release();
    }
  }

  async #only(exchange: Exchange): Promise<Script | Failure> {
    const script = this.#options.script!;
    // Who wrote the config trusts where it leads.
    const folder = this.#files.root(dirname(script), true);
    const file = await this.#files.lookup(folder, basename(script));
    if (file instanceof Failure) return file;
    if (!(file instanceof OpenFile)) return new Failure("notRunnable", `${script} is a folder`);
    const { path, prefixLength } = exchange;
    const end =
      prefixLength > 0 && path[prefixLength - 1] === "/" ? prefixLength - 1 : prefixLength;
    try {
      return await this.#scriptOf(file, path.slice(0, end), path.slice(end));
    } finally {
      file.release();
    }
  }

  async #scriptOf(file: OpenFile, scriptName: string, pathInfo: string): Promise<Script | Failure> {
    const scriptFile = file.path;
    const command = await commandFor(file, this.#interpreters);
    if (command instanceof Failure) return command;
    return { scriptName, pathInfo, scriptFile, command, folder: dirname(scriptFile) };
  }
}
