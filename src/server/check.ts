// What no single key shows wrong: sites that share a host, routes that can never match, routes with
// no handler or two. Every problem is placed in the file.
import { basename } from "node:path";
import { loadConfig, nearest, sortProblems, type Loaded, type Problem } from "../config/index.ts";
import { findSiteProblems } from "../http/router/index.ts";
import { schema, type Config, type RouteConfig, type SiteConfig } from "./config.ts";
import { HANDLERS } from "./registry.ts";

/** Reads a config file's text. All problems at once, in the order of their lines. */
export function loadServerConfig(text: string, file: string): Loaded<Config> | Problem[] {
  const loaded = loadConfig(text, file, schema);
  if (Array.isArray(loaded)) return loaded;
  const problems = [siteProblems, routeProblems, pageProblems, logProblems].flatMap((find) =>
    find(loaded),
  );
  return problems.length > 0 ? sortProblems(problems) : loaded;
}

/** The handler that a route names, or null where it does not name exactly one. */
export function handlerNameOf(route: RouteConfig): string | null {
  const named = handlersOf(route);
  return named.length === 1 ? named[0]! : null;
}

function handlersOf(route: RouteConfig): string[] {
  const given = route as Record<string, unknown>;
  return HANDLERS.map((room) => room.name).filter((name) => given[name] !== undefined);
}

function siteProblems(loaded: Loaded<Config>): Problem[] {
  const sites = loaded.value.site.map((site) => ({
    hosts: site.hosts,
    paths: site.route.map((route) => route.path),
    hasRoot: site.root !== undefined,
  }));
  return findSiteProblems(sites).map(({ path, message }) => loaded.problem(path, message));
}

function routeProblems(loaded: Loaded<Config>): Problem[] {
  return loaded.value.site.flatMap((site: SiteConfig, siteIndex) =>
    site.route.flatMap((route, index) => {
      const named = handlersOf(route);
      if (named.length === 1) return [];
      const place = ["site", siteIndex, "route", index];
      const all = HANDLERS.map((room) => `\`${room.name}\``).join(", ");
      if (named.length === 0) {
        return [loaded.problem(place, `this route has no handler; it needs one of ${all}`)];
      }
      const both = named.map((name) => `\`${name}\``).join(" and ");
      const hint = "make them two routes";
      const at = [...place, named[1]!];
      return [
        loaded.problem(at, `a route has one handler, this one ${both}`, { hint, onKey: true }),
      ];
    }),
  );
}

function pageProblems(loaded: Loaded<Config>): Problem[] {
  return loaded.value.site.flatMap((site: SiteConfig, index) =>
    Object.keys(site.errorPages)
      .filter((status) => !/^[45](\d\d|xx)$/.test(status))
      .map((status) =>
        loaded.problem(["site", index, "errorPages", status], `"${status}" is no error status`, {
          hint: 'a status such as "404", or a class: "4xx", "5xx"',
          onKey: true,
        }),
      ),
  );
}

/** A misspelt word would be a file of that name, found months later. */
function logProblems(loaded: Loaded<Config>): Problem[] {
  const name = basename(loaded.value.log.access);
  const meant = nearest(name, ["off", "stderr"]);
  if (meant === null || meant === name || name.includes(".")) return [];
  const hint = `a file of that name is written "./${name}.log"`;
  const message = `"${name}" is neither "off" nor "stderr"; did you mean "${meant}"?`;
  return [loaded.problem(["log", "access"], message, { hint })];
}
