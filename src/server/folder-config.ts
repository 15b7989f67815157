// Configs that nobody wrote: for `serve DIR`, and the route that a site's `root` is short for. They
// are made by the same loader as files, so that defaults live in one place.
import { loadConfig, type Loaded } from "../config/index.ts";
import { loadServerConfig } from "./check.ts";
import type { Config, RouteConfig } from "./config.ts";
import { handlerNamed } from "./registry.ts";

/** The config of `portico serve DIR`: the folder at `/*`, read-only. */
export function configForFolder(folder: string, options: { list: boolean }): Loaded<Config> {
  const text = [
    "[[site]]",
    "[[site.route]]",
    'path = "/*"',
    `static = { root = ${quoted(folder)}, list = ${options.list} }`,
  ].join("\n");
  const loaded = loadServerConfig(text, "serve");
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
  return loaded;
}

/** The route that serves `folder` at `/*` with the static handler's defaults. */
export function folderRoute(folder: string): RouteConfig {
  const loaded = loadConfig(`root = ${quoted(folder)}`, "root", handlerNamed("static").options);
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
  return { path: "/*", static: loaded.value } as RouteConfig;
}

/** `text` as a basic string of TOML; JSON's is one but for DEL. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
