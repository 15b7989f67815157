// The routes of a config, and what of its site a route has to know.
import { parsePattern, type Pattern } from "../http/router/index.ts";
import type { HandlerRoom } from "../http/room.ts";
import type { SlotBounds } from "../runtime/index.ts";
import { handlerNameOf } from "./check.ts";
import { folderRoute } from "./folder-config.ts";
import type { Config, RouteConfig, SiteConfig } from "./config.ts";
import type { Registry } from "./registry.ts";

/** A route with the handler that answers it. */
export interface PlacedRoute {
  readonly route: RouteConfig;
  /** See `RoomContext.place`. */
  readonly place: string;
  readonly room: HandlerRoom;
  /** The room's, as the config has them. */
  readonly options: unknown;
}

/** All routes of `config`, each site's in order. */
export function placedRoutes(config: Config, registry: Registry): PlacedRoute[] {
  return config.site.flatMap((site, index) =>
    routesOf(site).map((route) => {
      return { route, place: placeOf(index, route), ...handlerOf(route, registry) };
    }),
  );
}

/** A site's routes, with the one that its `root` is short for. */
export function routesOf(site: SiteConfig): RouteConfig[] {
  if (site.root === undefined) return site.route;
  return [...site.route, folderRoute(site.root)];
}

/** The whole pattern language is checked when a config is loaded: here it can only be right. */
export function patternOf(route: RouteConfig): Pattern {
  const pattern = parsePattern(route.path);
  if (typeof pattern === "string") throw new Error(pattern);
  return pattern;
}

/** The room of `route`'s handler, and its options. */
export function handlerOf(
  route: RouteConfig,
  registry: Registry,
): Pick<PlacedRoute, "room" | "options"> {
  const room = registry.handlerNamed(handlerNameOf(route, registry)!);
  return { room, options: (route as Record<string, unknown>)[room.name] };
}

/** See `RoomContext.place`. No two routes of a site have one pattern. */
export function placeOf(site: number, route: RouteConfig): string {
  return `${site} ${patternOf(route).text}`;
}

/** How much is done at once on the routes that have a bound, by their places. */
export function slotBounds(config: Config, registry: Registry): Map<string, SlotBounds> {
  const bounds = new Map<string, SlotBounds>();
  for (const { room, options, place } of placedRoutes(config, registry)) {
    const bound = room.concurrency?.(options) ?? null;
    if (bound !== null) bounds.set(place, bound);
  }
  return bounds;
}

/** The modules of code that routes run, by their paths. */
export function moduleFiles(config: Config, registry: Registry): string[] {
  const files = placedRoutes(config, registry).flatMap(
    ({ room, options }) => room.modules?.(options) ?? [],
  );
  return [...new Set(files)];
}

/** See `RoomContext.documentRoot`. */
export function documentRoot(site: SiteConfig, registry: Registry): string | null {
  for (const route of routesOf(site)) {
    const { room, options } = handlerOf(route, registry);
    if (room.name !== "static" || patternOf(route).text !== "/*") continue;
    return (options as { readonly root: string }).root;
  }
  return null;
}

/** Suffixes whose files are for another handler than static: served as files nowhere. */
export function claimedSuffixes(site: SiteConfig, registry: Registry): string[] {
  return routesOf(site).flatMap((route) => {
    const pattern = patternOf(route);
    const claims = pattern.kind === "suffix" && handlerNameOf(route, registry) !== "static";
    return claims ? [pattern.suffix] : [];
  });
}
