// From a path to the script that answers for it and what is left: the first file on the way is the
// script, the rest its PATH_INFO (RFC 3875 §4.1.5). Every name is looked up below the root, as a
// file that is served would be: no dot names, nothing that leads out.
import { Failure } from "../../base/failure.ts";
import {
  OpenFile,
  segmentsOf,
  type Lookup,
  type OpenFileCache,
  type Root,
} from "../../storage/index.ts";

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

  /**
   * `path` is decoded, below the root, without leading slash. A promise only where the disk is
   * asked, which is once a second for a script that is asked for all the time.
   */
  find(path: string): FoundScript | Failure | Promise<FoundScript | Failure> {
    // Most paths are a script's, and have none on the way.
    const isDirect = this.#mayBe(path) && this.#nextOnTheWay(path, 0) < 0;
    const found = isDirect ? this.#lookup(path) : null;
    if (found instanceof OpenFile) return { file: found, path, pathInfo: "", isIndex: false };
    return found instanceof Failure ? found : this.#findLater(path, found);
  }

  /**
   * Where the script of `path` would be, which is not here: the first name on the way that may be
   * one. Null where no script may have such a name, or where a file is on the way: a program that
   * goes back to what it finds (PHP's cgi.fix_pathinfo) would run that.
   */
  async absent(path: string): Promise<Pick<FoundScript, "path" | "pathInfo"> | null> {
    if (segmentsOf(path) instanceof Failure) return null;
    let script: string | null = null;
    let isHere = true;
    for (
      let end = nextEnd(path, 0);
      end > 0;
      end = end < path.length ? nextEnd(path, end + 1) : 0
    ) {
      const below = path.slice(0, end);
      const found = isHere ? await this.#lookup(below) : null;
      if (found instanceof OpenFile) {
        found.release();
        return null;
      }
      if (found instanceof Failure) {
        if (found.code !== "notFound") return null;
        isHere = false; // nor is anything below it
      }
      if (!isHere && script === null && this.#mayBe(below)) script = below;
    }
    return script === null ? null : { path: script, pathInfo: path.slice(script.length) };
  }

  /** `direct`: what is looked up at the path itself; null where that is still to be done. */
  async #findLater(
    path: string,
    direct: Lookup | Promise<Lookup> | null,
  ): Promise<FoundScript | Failure> {
    for (let end = this.#nextOnTheWay(path, 0); end >= 0; end = this.#nextOnTheWay(path, end + 1)) {
      const below = path.slice(0, end);
      const script = scriptIn(await this.#lookup(below), below, path.slice(end));
      if (script !== null) return script;
    }
    if (!this.#mayBe(path)) return this.#indexOf(path);
    const script = scriptIn(await (direct ?? this.#lookup(path)), path, "");
    return script ?? this.#indexOf(path);
  }

  /** Where the next name ends, behind `from`, that is a folder's or a script's with PATH_INFO. */
  #nextOnTheWay(path: string, from: number): number {
    let end = path.indexOf("/", from);
    while (end >= 0 && !this.#mayBe(path.slice(0, end))) end = path.indexOf("/", end + 1);
    return end;
  }

  #mayBe(path: string): boolean {
    return path !== "" && !path.endsWith("/") && this.#rules.isScript(nameOf(path));
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

/** The script that was found; null where the path may go on below; a failure where it can't. */
function scriptIn(found: Lookup, path: string, pathInfo: string): FoundScript | Failure | null {
  if (found instanceof OpenFile) return { file: found, path, pathInfo, isIndex: false };
  // What is not there can have nothing below it.
  return found instanceof Failure ? found : null;
}

/** Where the name that begins at `from` ends. */
function nextEnd(path: string, from: number): number {
  const end = path.indexOf("/", from);
  return end < 0 ? path.length : end;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
