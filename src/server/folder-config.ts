// Configs that nobody wrote: for `serve DIR`, and the route that a site's `root` is short for. They
// are made by the same loader as files, so that defaults live in one place.
import { loadConfig } from "../config/index.ts";
import { loadServerConfig } from "./check.ts";
import type { RouteConfig } from "./config.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { BUILT_IN } from "./registry.ts";

export interface FolderOptions {
  readonly list: boolean;
  /** Takes uploads at `/upload`, into this folder. */
  readonly upload: string | null;
}

/** The config of `portico serve DIR`: the folder at `/*`, read-only. */
export function configForFolder(folder: string, options: FolderOptions): LoadedConfig {
  const { list, upload } = options;
  const lines = [
    "[[site]]",
    ...route("/*", `static = { root = ${quoted(folder)}, list = ${list} }`),
  ];
  if (upload !== null) {
    const to = `to = ${quoted(upload)}`;
    lines.push(...route("/upload/*", `upload = { ${to}, serve = true, page = true }`));
  }
  const text = lines.join("\n");
  const loaded = loadServerConfig(text, "serve");
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
  return loaded;
}

/** The route that serves `folder` at `/*` with the static handler's defaults. */
export function folderRoute(folder: string): RouteConfig {
  const loaded = loadConfig(
    `root = ${quoted(folder)}`,
    "root",
    BUILT_IN.handlerNamed("static").options,
  );
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
  return { path: "/*", static: loaded.value } as RouteConfig;
}

function route(path: string, handler: string): string[] {
  return ["[[site.route]]", `path = ${quoted(path)}`, handler];
}

/** `text` as a basic string of TOML; JSON's is one but for DEL. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
