// What no single key shows wrong: sites that share a host, routes that can never match, routes with
// no handler or two. Every problem is placed in the file, and told with those of single keys: what
// could not be read is left out of account.
import { dirname, resolve } from "node:path";
import {
  BROKEN,
  holdsBroken,
  loadConfig,
  type Loaded,
  type Problem,
  type Sound,
} from "../config/index.ts";
import { findSiteProblems, type SiteText } from "../http/router/index.ts";
import { schemaFor, type Config, type RouteConfig, type SiteConfig } from "./config.ts";
import { LoadedConfig } from "./loaded-config.ts";
import { BUILT_IN, type Registry } from "./registry.ts";
import { findRunUploads } from "./run-uploads.ts";
import { findStateUploads } from "./state-uploads.ts";
import { withUsed, type LoadModule } from "./use.ts";

/** What is known of a config, and of all else that it may say. */
export type Seen = Loaded<Sound<Config>>;

/**
 * Reads a config file's text, whose routes name rooms of `registry`. All problems at once, in the
 * order of their lines.
 */
export function loadServerConfig(
  text: string,
  file: string,
  registry = BUILT_IN,
): LoadedConfig | Problem[] {
  return checkedText(text, file, registry, () => {});
}

/** The same with the rooms of the modules that the config's `use` names. */
export function readServerConfig(
  text: string,
  file: string,
  loadModule: LoadModule,
): Promise<LoadedConfig | Problem[]> {
  return withUsed((registry, look) => checkedText(text, file, registry, look), {
    folder: dirname(resolve(file)),
    loadModule,
  });
}

function checkedText(
  text: string,
  file: string,
  registry: Registry,
  look: (seen: Seen) => void,
): LoadedConfig | Problem[] {
  const loaded = loadConfig(text, file, schemaFor(registry), (seen) => {
    look(seen);
    return crossProblems(seen, registry);
  });
  return Array.isArray(loaded) ? loaded : new LoadedConfig(loaded, registry);
}

/** What no single key of a config shows wrong. */
export function crossProblems(seen: Seen, registry: Registry): Problem[] {
  return [
    ...siteProblems(seen),
    ...routeProblems(seen, registry),
    ...uploadProblems(seen, registry),
  ];
}

/** The handler that a route names, or null where it does not name exactly one. */
export function handlerNameOf(route: RouteConfig, registry: Registry): string | null {
  const named = handlersOf(route, registry);
  return named.length === 1 ? named[0]! : null;
}

function handlersOf(route: object, { handlers }: Registry): string[] {
  const given = route as Record<string, unknown>;
  return handlers.map((room) => room.name).filter((name) => given[name] !== undefined);
}

function sitesOf({ value }: Seen): readonly Sound<SiteConfig>[] {
  return value === BROKEN ? [] : itemsOf(value.site);
}

function routesOf(site: Sound<SiteConfig>): readonly Sound<RouteConfig>[] {
  return site === BROKEN ? [] : itemsOf(site.route);
}

function itemsOf<Item>(list: readonly Item[] | typeof BROKEN): readonly Item[] {
  return list === BROKEN ? [] : list;
}

function siteProblems(seen: Seen): Problem[] {
  const sites = sitesOf(seen).map((site): SiteText => {
    return {
      hosts: hostsOf(site, seen.whole),
      paths: routesOf(site).map((route) => (route === BROKEN ? null : textOf(route.path))),
      hasRoot: site !== BROKEN && site.root !== undefined,
    };
  });
  return findSiteProblems(sites).map(({ path, message }) => seen.problem(path, message));
}

function hostsOf(site: Sound<SiteConfig>, whole: boolean): SiteText["hosts"] {
  if (site === BROKEN || site.hosts === BROKEN) return null;
  if (site.hosts === undefined) return whole ? undefined : null;
  return site.hosts.map(textOf);
}

function textOf(text: Sound<string>): string | null {
  return text === BROKEN ? null : text;
}

function routeProblems(seen: Seen, registry: Registry): Problem[] {
  return sitesOf(seen).flatMap((site, siteIndex) =>
    routesOf(site).flatMap((route, index) => {
      const problem =
        route === BROKEN
          ? null
          : handlerProblem(seen, registry, route, ["site", siteIndex, "route", index]);
      return problem === null ? [] : [problem];
    }),
  );
}

function handlerProblem(
  seen: Seen,
  registry: Registry,
  route: object,
  place: (string | number)[],
): Problem | null {
  const named = handlersOf(route, registry);
  if (named.length === 0) {
    // An unknown key may be the handler's, misspelt; a line that could not be read, too.
    const keys = new Set(["path", ...registry.rooms.map((room) => room.name)]);
    const isKnown = Object.keys(route).every((key) => keys.has(key));
    if (!isKnown || !seen.whole) return null;
    const all = registry.handlers.map((room) => `\`${room.name}\``).join(", ");
    return seen.problem(place, `this route has no handler; it needs one of ${all}`);
  }
  if (named.length === 1) return null;
  const both = named.map((name) => `\`${name}\``).join(" and ");
  return seen.problem([...place, named[1]!], `a route has one handler, this one ${both}`, {
    hint: "make them two routes",
    onKey: true,
  });
}

function uploadProblems(seen: Seen, registry: Registry): Problem[] {
  const routes = sitesOf(seen).flatMap((site, siteIndex) =>
    routesOf(site).flatMap((route, index) => {
      if (holdsBroken(route)) return [];
      const { path, ...rest } = route as RouteConfig;
      const name = handlerNameOf(route as RouteConfig, registry);
      if (name === null) return [];
      const options = (rest as Record<string, unknown>)[name];
      const place = ["site", siteIndex, "route", index, name];
      return [{ path, room: registry.handlerNamed(name), options, place }];
    }),
  );
  const data = seen.value === BROKEN ? undefined : seen.value.data;
  const inState = typeof data === "string" ? findStateUploads(routes, data) : [];
  return [...findRunUploads(routes), ...inState].map(({ upload, message }) =>
    seen.problem(upload.place, message, { onKey: true }),
  );
}
