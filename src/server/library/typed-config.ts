// The config of a program's own server. A route's path tells the compiler which parameters its
// handler is handed: of "/hi/:name" `exchange.params` is `{ readonly name: string }`.
import type { Answer, Exchange, ParamsOf } from "../../http/exchange/index.ts";
import type { ConfigInput, RouteInput } from "../config-value.ts";

/** A handler of a route at `Path`. */
export type RouteHandler<Path extends string> = (
  exchange: Exchange<ParamsOf<Path>>,
) => Answer | Promise<Answer>;

/** A route at `Path`: exactly one handler, any filters. */
export interface RouteAt<Path extends string> extends Omit<RouteInput, "handle" | "path"> {
  readonly path: Path;
  /** Answers the route's requests, whatever their method. */
  readonly handle?: RouteHandler<Path> | undefined;
}

/**
 * What `portico.toml` may hold, as values: sizes and durations are written as there. Besides,
 * routes may have handlers and filters as functions, and nothing is logged unless `log` says so.
 */
export interface ServerConfig<Paths extends readonly string[] = readonly string[]> extends Omit<
  ConfigInput,
  "routes"
> {
  /** The routes of a site that answers any host: short for the last `site`. */
  readonly routes?: { readonly [At in keyof Paths]: RouteAt<Paths[At]> } | undefined;
}

/** A route with a handler, for lists that are made elsewhere: `handle` is checked by its path. */
export function route<const Path extends string>(
  path: Path,
  handle: RouteHandler<Path>,
  more: Omit<RouteInput, "handle" | "path"> = {},
): RouteInput {
  // The router hands each handler what its path says, and no other.
  return { ...more, path, handle: handle as RouteInput["handle"] };
}
