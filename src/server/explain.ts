// `portico check --explain 'GET http://host/a/b'`: which site and route would answer, and why. It
// asks the same routing table, and reads the request by the same parser, as the server does.
import { join } from "node:path";
import { Failure } from "../base/failure.ts";
import { printable } from "../config/index.ts";
import { readParams, type Loss, type Match, type RouteFacts } from "../http/router/index.ts";
import { decodePath, parseAuthority, parseTarget } from "../protocol/index.ts";
import { routerOf } from "./assemble.ts";
import { handlerNameOf } from "./check.ts";
import type { RouteConfig } from "./config.ts";
import { byGuards, early, type EarlyAnswer } from "./early-answer.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { BUILT_IN, type Registry } from "./registry.ts";
import { handlerOf } from "./routes.ts";

/** A request to be explained, read as the server would read it. */
export interface ExplainTarget {
  readonly method: string;
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  /** Of the target as browsers and curl send it: path and query, encoded. */
  readonly targetBytes: number;
  readonly url: string;
}

export interface ExplainedRoute {
  /** As the config has it. */
  readonly path: string;
  /** Line in the config file; null where no file says it. */
  readonly line: number | null;
  readonly handler: string;
}

/** What the routing table makes of a request; no file is looked at. */
export interface Explanation extends ExplainTarget {
  readonly file: string;
  /** Null where the request is answered before a host is looked at. */
  readonly guard: RouteFacts<RouteConfig>["guard"] | null;
  /** Counted from 1; `by` is the name that matched, null for the site that answers any host. */
  readonly site: {
    readonly number: number;
    readonly line: number | null;
    readonly by: string | null;
  } | null;
  readonly route: ExplainedRoute | null;
  /** What the route's parameters stand for. */
  readonly params: Readonly<Record<string, string>>;
  readonly others: readonly (ExplainedRoute & { readonly because: Loss })[];
  /** What file or folder the handler would look up, in words; null where `tries` says it. */
  readonly looksUp: string | null;
  /** The route's `try` in words. */
  readonly tries: string | null;
  /** What is answered before the handler is asked; null where it is asked. */
  readonly answer: EarlyAnswer | null;
}

/** Reads `GET http://host/a/b`. A string says in words what is wrong with it. */
export function parseExplainTarget(text: string): ExplainTarget | string {
  const [method = "", url = "", ...more] = text.trim().split(/\s+/);
  const example = "'GET http://localhost/a/b'";
  if (url === "" || more.length > 0) return `write a method and a URL, such as ${example}`;
  if (!/^[A-Z][A-Z-]*$/.test(method)) {
    const better = /^[a-z][a-z-]*$/i.test(method) ? `; write ${method.toUpperCase()}` : "";
    return `${JSON.stringify(method)} is no method${better}`;
  }
  if (method === "CONNECT") return refused(url, "connectRefused");
  if (!/^https?:\/\//i.test(url)) return `${JSON.stringify(url)} is no URL; write ${example}`;
  // Browsers and curl escape what no target may hold, and keep the fragment to themselves.
  const sent = url.replace(/#.*$/s, "").replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent);
  const target = parseTarget("GET", sent);
  const authority = target instanceof Failure ? null : parseAuthority(target.authority ?? "");
  if (target instanceof Failure || authority === null) return refused(url, "targetMalformed");
  const path = decodePath(target.rawPath);
  if (path instanceof Failure) return refused(url, path.code, path.detail);
  const { rawPath, query } = target;
  // A query that is empty keeps its question mark.
  const targetBytes = rawPath.length + (sent.includes("?") ? query.length + 1 : 0);
  return { method, host: authority.host, path, targetBytes, url };
}

function refused(url: string, code: string, detail = ""): string {
  const { status, message } = BUILT_IN.failures[code]!;
  const why = detail === "" ? "" : ` (${detail})`;
  return `a request for ${JSON.stringify(url)} is answered ${status}: ${message}${why}`;
}

/** Which site and route of `loaded` answer `target`. */
export function explainRequest(loaded: LoadedConfig, target: ExplainTarget): Explanation {
  const { value: config, file, registry } = loaded;
  if (target.targetBytes > config.limits.targetBytes) return tooLong(target, loaded);
  const addresses = config.listen.map(({ address }) => address);
  const unixOnly = addresses.length > 0 && addresses.every(({ kind }) => kind === "unix");
  const router = routerOf(config, addresses, (_site, route) => route);
  const { guard, site, match, losers } = router.explain(target.host, target.path, unixOnly);
  const tries = match && triesOf(match.route, registry);
  return {
    ...target,
    file,
    guard,
    site: site && { number: site.site + 1, line: siteLine(loaded, site.site), by: site.by },
    route: match && explained(loaded, match),
    params: match === null ? {} : readParams(match.pattern, target.path).params,
    others: losers.map(({ match: other, because }) => ({ ...explained(loaded, other), because })),
    looksUp: match && tries === null ? lookedUp(match, target.path, registry) : null,
    tries,
    answer:
      match === null
        ? early(site === null ? "hostUnknown" : "notFound", registry)
        : byGuards(target.method, config, config.site[match.site]!, match.route, registry),
  };
}

function tooLong(target: ExplainTarget, { file, registry }: LoadedConfig): Explanation {
  const nothing = { guard: null, site: null, route: null, looksUp: null, tries: null };
  const answer = early("targetTooLong", registry);
  return { ...target, file, ...nothing, params: {}, others: [], answer };
}

function explained(loaded: LoadedConfig, match: Match<RouteConfig>): ExplainedRoute {
  const { path } = match.route;
  const handler = handlerNameOf(match.route, loaded.registry)!;
  const place = ["site", match.site, "route", match.index, "path"];
  const line = lineOf(loaded, place) ?? lineOf(loaded, ["site", match.site, "root"]);
  return { path, line, handler };
}

function siteLine(loaded: LoadedConfig, site: number): number | null {
  return lineOf(loaded, ["site", site, "hosts"]) ?? lineOf(loaded, ["site", site]);
}

function lineOf(loaded: LoadedConfig, place: (string | number)[]): number | null {
  const origin = loaded.origin(place);
  return origin === "default" ? null : origin.line;
}

/**
 * Below the `root` of a handler that has one. Under an exact path it is the whole path; to a
 * program it may be the beginning of one, as what follows the script is the script's own.
 */
function lookedUp(match: Match<RouteConfig>, path: string, registry: Registry): string | null {
  const { pattern } = match;
  const { room, options } = handlerOf(match.route, registry);
  const { root, script } = options as { readonly root?: unknown; readonly script?: unknown };
  if (typeof script === "string") return script;
  if (typeof root !== "string") return null;
  const whole = pattern.kind === "exact" && !path.endsWith("/");
  const { prefixLength } = readParams(pattern, path);
  const file = join(root, path.slice(whole ? 1 : prefixLength));
  return room.reaches === undefined ? file : `the first script on the way to ${file}`;
}

/** A route's `try` lists what is looked for in place of the path, and where that ends. */
function triesOf(route: RouteConfig, registry: Registry): string | null {
  const given = route as Record<string, unknown>;
  const { try: entries, root } = given[handlerNameOf(route, registry)!] as {
    readonly try?: readonly string[];
    readonly root?: string;
  };
  const last = entries?.at(-1);
  if (entries === undefined || last === undefined) return null;
  const ends = /^[=/]/.test(last);
  const looked = (ends ? entries.slice(0, -1) : entries).map((entry) => `"${entry}"`).join(", ");
  const end = !ends ? "404" : last.startsWith("=") ? last.slice(1) : `as "${last}" would be`;
  const first = looked === "" ? "" : `the first of ${looked} that is in ${root}; else `;
  return `${first}answered ${end}`;
}

const BECAUSE: Record<Loss, string> = {
  exactWins: "an exact path wins over it",
  literalWins: "a segment that is named wins over a parameter",
  longerPrefixWins: "a longer prefix wins over it",
  suffixWins: "of equal prefixes the one with a suffix wins",
  otherSuffixWins: "the other suffix ends earlier in the path, or is longer",
};

/** The explanation as text for people: a line a step, ending in a line feed. */
export function renderExplanation(explanation: Explanation): string {
  const { method, url, guard, route, others, looksUp, tries, answer } = explanation;
  const rows: [string, string][] = [];
  if (guard !== null) {
    rows.push(["guard", guardText(guard, explanation.host)], ["site", siteText(explanation)]);
  }
  if (route !== null) rows.push(["route", routeText(route, explanation)]);
  for (const [name, value] of Object.entries(explanation.params)) rows.push([`:${name}`, value]);
  if (answer !== null) rows.push(["answer", answerText(answer)]);
  else if (looksUp !== null) rows.push(["file", looksUp]);
  else if (tries !== null) rows.push(["try", tries]);
  for (const other of others) {
    rows.push(["not", `${routeText(other, explanation)}: ${BECAUSE[other.because]}`]);
  }
  const lines = rows.map(([name, text]) => `  ${name.padEnd(6)} ${printable(text)}`);
  return `${method} ${printable(url)}\n${lines.join("\n")}\n`;
}

function guardText(guard: NonNullable<Explanation["guard"]>, host: string): string {
  switch (guard) {
    case "passed":
      return `${host} means this machine, so the loopback guard lets it pass`;
    case "refused":
      return `${host} does not mean this machine, and ${REFUSING} takes no other name`;
    case "exempt":
      return "off: only unix sockets are listened on";
    case "off":
      return "off: the server is open to others, or its sites name their hosts";
  }
}

const REFUSING = "a loopback server whose sites name no hosts";

function siteText({ site, host, file, guard }: Explanation): string {
  if (site === null) return guard === "refused" ? "none is asked" : `none answers for ${host}`;
  const why = site.by === null ? "answers any host that no other site names" : `names ${site.by}`;
  return `${site.number}${place(file, site.line)}: it ${why}`;
}

function routeText(route: ExplainedRoute, { file }: Explanation): string {
  return `${route.path}${place(file, route.line)}: ${route.handler}`;
}

function place(file: string, line: number | null): string {
  return line === null ? "" : ` (${file}:${line})`;
}

function answerText({ status, message, allow }: EarlyAnswer): string {
  return `${status}: ${message}${allow === null ? "" : ` It takes ${allow}.`}`;
}
