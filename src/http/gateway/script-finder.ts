// From a path to the script that answers for it and what is left: the first file on the way is the
// script, the rest its PATH_INFO (RFC 3875 §4.1.5). Every name is looked up below the root, as a
// file that is served would be: no dot names, nothing that leads out.
import { Failure } from "../../base/failure.ts";
import { OpenFile, type Lookup, type OpenFileCache, type Root } from "../../storage/index.ts";

export interface ScriptRules {
  readonly files: OpenFileCache;
  readonly root: Root;
  /** What stands for a folder: the first of these names that is there. */
  readonly index: readonly string[];
  /** Whether a script may have that name. Others are not looked for on the way. */
  isScript(name: string): boolean;
}

/** A script, whose file is retained for whoever asked. */
export interface FoundScript {
  readonly file: OpenFile;
  /** Below the root, decoded, without leading slash. */
  readonly path: string;
  readonly pathInfo: string;
  /** The path named its folder. */
  readonly isIndex: boolean;
}

export class ScriptFinder {
  readonly #rules: ScriptRules;

  constructor(rules: ScriptRules) {
    this.#rules = rules;
  }

  /** `path` is decoded, below the root, without leading slash. */
  async find(path: string): Promise<FoundScript | Failure> {
    let end = path.indexOf("/");
    for (; end !== -1; end = path.indexOf("/", end + 1)) {
      const script = await this.#scriptAt(path.slice(0, end), path.slice(end));
      if (script !== null) return script;
    }
    return (await this.#scriptAt(path, "")) ?? this.#indexOf(path);
  }

  /** The script that `path` is; null where it may go on below it; a failure where it can't. */
  async #scriptAt(path: string, pathInfo: string): Promise<FoundScript | Failure | null> {
    if (path === "" || path.endsWith("/")) return null;
    if (!this.#rules.isScript(nameOf(path))) return null;
    const found = await this.#lookup(path);
    if (found instanceof OpenFile) return { file: found, path, pathInfo, isIndex: false };
    // What is not there can have nothing below it.
    return found instanceof Failure ? found : null;
  }

  async #indexOf(path: string): Promise<FoundScript | Failure> {
    const folder = path === "" || path.endsWith("/") ? path : `${path}/`;
    for (const name of this.#rules.index) {
      const found = await this.#lookup(folder + name);
      if (found instanceof OpenFile) {
        return { file: found, path: folder + name, pathInfo: "", isIndex: true };
      }
      if (found instanceof Failure && found.code !== "notFound") return found;
    }
    return new Failure("notFound", path);
  }

  #lookup(path: string): Lookup | Promise<Lookup> {
    return this.#rules.files.lookup(this.#rules.root, path);
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
