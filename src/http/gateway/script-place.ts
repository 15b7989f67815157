// Which part of a path is the script's name, and which is its PATH_INFO.
import { basename, dirname } from "node:path";
import { Failure } from "../../base/failure.ts";
import { OpenFile, type OpenFileCache } from "../../storage/index.ts";
import type { Exchange } from "../exchange/index.ts";
import { parsePattern, suffixEnd } from "../router/index.ts";
import type { ScriptPlace } from "./meta-variables.ts";
import type { FoundScript } from "./script-finder.ts";

/** The place of a script that was found for `path`, as the program knows its file. */
export function placeOfFound(
  path: string,
  { path: below, pathInfo, isIndex }: FoundScript,
  scriptFile: string,
): ScriptPlace & { readonly scriptFile: string } {
  const end = path.length - pathInfo.length;
  const scriptName = isIndex ? path + basename(below) : path.slice(0, end);
  return { scriptName, pathInfo, scriptFile };
}

/** Where the name of a route's only program ends in the path of a request. */
export type NameEnd = (exchange: Exchange) => number;

/** That of `route`: its own path, up to the suffix of `*.php`. What follows is PATH_INFO. */
export function nameEndOf(route: string): NameEnd {
  const pattern = parsePattern(route);
  if (typeof pattern !== "string" && pattern.kind === "suffix") {
    return ({ path }) => suffixEnd(path, pattern.prefix, pattern.suffix);
  }
  return ({ path, prefixLength: end }) => (end > 0 && path[end - 1] === "/" ? end - 1 : end);
}

/** The place of what answers for all of a route. */
export function placeOfRoute<File extends string | null>(
  exchange: Exchange,
  nameEnd: NameEnd,
  scriptFile: File,
): ScriptPlace & { readonly scriptFile: File } {
  const { path } = exchange;
  const end = nameEnd(exchange);
  return { scriptName: path.slice(0, end), pathInfo: path.slice(end), scriptFile };
}

/** The file at `script`, wherever that leads: who wrote the config trusts it. Comes retained. */
export async function openScript(
  files: OpenFileCache,
  script: string,
): Promise<OpenFile | Failure> {
  const found = await files.lookup(files.root(dirname(script), true), basename(script));
  if (found instanceof OpenFile || found instanceof Failure) return found;
  return new Failure("notFound", `${script} is a folder`);
}
