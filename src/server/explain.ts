// `portico check --explain 'GET http://host/a/b'`: which site and route would answer, and why. It
// asks the same routing table, and reads the request by the same parser, as the server does.
import { join } from "node:path";
import { Failure } from "../base/failure.ts";
import type { Loaded } from "../config/index.ts";
import { Exchange, Reply } from "../http/exchange/index.ts";
import { guardMethods } from "../http/methods.ts";
import type { Loss, Match, RouteFacts } from "../http/router/index.ts";
import { decodePath, parseAuthority, parseTarget } from "../protocol/index.ts";
import { routerOf } from "./assemble.ts";
import { handlerNameOf } from "./check.ts";
import type { Config, RouteConfig } from "./config.ts";
import { FAILURES, handlerNamed } from "./registry.ts";

/** A request to be explained, read as the server would read it. */
export interface ExplainTarget {
  readonly method: string;
  readonly host: string;
  /** Decoded. */
  readonly path: string;
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
  readonly guard: RouteFacts<RouteConfig>["guard"];
  /** Counted from 1; `by` is the name that matched, null for the site that answers any host. */
  readonly site: {
    readonly number: number;
    readonly line: number | null;
    readonly by: string | null;
  } | null;
  readonly route: ExplainedRoute | null;
  readonly others: readonly (ExplainedRoute & { readonly because: Loss })[];
  /** The file or folder that the handler would look up. */
  readonly looksUp: string | null;
  /** What is answered before the handler is asked: 421, 404, 405, 501; null where it is asked. */
  readonly refusal: {
    readonly status: number;
    readonly message: string;
    readonly allow: string | null;
  } | null;
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
  if (!/^https?:\/\//i.test(url)) return `${JSON.stringify(url)} is no URL; write ${example}`;
  // Browsers and curl escape what no target may hold, and keep the fragment to themselves.
  const sent = url.replace(/#.*$/s, "").replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent);
  const target = parseTarget("GET", sent);
  const authority = target instanceof Failure ? null : parseAuthority(target.authority ?? "");
  if (target instanceof Failure || authority === null) return refused(url, "targetMalformed");
  const path = decodePath(target.rawPath);
  if (path instanceof Failure) return refused(url, path.code, path.detail);
  return { method, host: authority.host, path, url };
}

function refused(url: string, code: string, detail = ""): string {
  const { status, message } = FAILURES[code]!;
  const why = detail === "" ? "" : ` (${detail})`;
  return `a request for ${JSON.stringify(url)} is answered ${status}: ${message}${why}`;
}

/** Which site and route of `loaded` answer `target`. */
export function explainRequest(loaded: Loaded<Config>, target: ExplainTarget): Explanation {
  const { value: config, file } = loaded;
  const addresses = config.listen.map(({ address }) => address);
  const unixOnly = addresses.length > 0 && addresses.every(({ kind }) => kind === "unix");
  const router = routerOf(config, addresses, (_site, route) => route);
  const { guard, site, match, losers } = router.explain(target.host, target.path, unixOnly);
  return {
    ...target,
    file,
    guard,
    site: site && { number: site.site + 1, line: siteLine(loaded, site.site), by: site.by },
    route: match && explained(loaded, match),
    others: losers.map(({ match: other, because }) => ({ ...explained(loaded, other), because })),
    looksUp: match && lookedUp(match, target.path),
    refusal: refusalOf(target.method, site === null, match),
  };
}

function explained(loaded: Loaded<Config>, match: Match<RouteConfig>): ExplainedRoute {
  const { path } = match.route;
  const handler = handlerNameOf(match.route)!;
  const place = ["site", match.site, "route", match.index, "path"];
  const line = lineOf(loaded, place) ?? lineOf(loaded, ["site", match.site, "root"]);
  return { path, line, handler };
}

function siteLine(loaded: Loaded<Config>, site: number): number | null {
  return lineOf(loaded, ["site", site, "hosts"]) ?? lineOf(loaded, ["site", site]);
}

function lineOf(loaded: Loaded<Config>, place: (string | number)[]): number | null {
  const origin = loaded.origin(place);
  return origin === "default" ? null : origin.line;
}

/** Below the `root` of a handler that has one. Under an exact path it is the whole path. */
function lookedUp(match: Match<RouteConfig>, path: string): string | null {
  const { route, pattern } = match;
  const given = route as Record<string, unknown>;
  const options = given[handlerNameOf(route)!] as { readonly root?: unknown };
  if (typeof options.root !== "string") return null;
  const whole = pattern.kind === "exact" && !path.endsWith("/");
  return join(options.root, path.slice(whole ? 1 : match.prefixLength));
}

function refusalOf(
  method: string,
  hostUnknown: boolean,
  match: Match<RouteConfig> | null,
): Explanation["refusal"] {
  if (match === null)
    return { ...FAILURES[hostUnknown ? "hostUnknown" : "notFound"]!, allow: null };
  const answer = answerByMethod(method, match.route);
  if (!(answer instanceof Failure)) return null;
  const allow = answer.fields.find(([name]) => name === "Allow")?.[1] ?? null;
  return { ...FAILURES[answer.code]!, allow };
}

/** Asks the guards that stand before the route's handler, with a handler that takes everything. */
function answerByMethod(method: string, route: RouteConfig): unknown {
  const given = route as { readonly methods?: readonly string[] };
  const { methods } = handlerNamed(handlerNameOf(route)!);
  const inner = guardMethods(methods, () => new Reply(200));
  return guardMethods(given.methods ?? "any", inner)(exchangeBy(method));
}

/** Guards look at the method alone. */
function exchangeBy(method: string): Exchange {
  const nothing = { get: () => null, has: () => false, all: () => [], *entries() {} };
  const init = {
    request: { method, target: "/", minorVersion: 1, fields: nothing },
    body: { length: 0, read: async () => null },
    connection: { remoteAddress: "", remotePort: 0, localPort: 0, secure: false, unix: false },
    receivedMs: 0,
    id: "",
    host: "",
    authority: "",
    path: "/",
    rawPath: "/",
    query: "",
  };
  return new Exchange(init, () => new Reply(200));
}

const BECAUSE: Record<Loss, string> = {
  exactWins: "an exact path wins over it",
  longerPrefixWins: "a longer prefix wins over it",
  suffixWins: "of equal prefixes the one with a suffix wins",
  otherSuffixWins: "the other suffix ends earlier in the path, or is longer",
};

/** The explanation as text for people: a line a step, ending in a line feed. */
export function renderExplanation(explanation: Explanation): string {
  const { method, url, route, others, looksUp, refusal } = explanation;
  const rows: [string, string][] = [
    ["guard", guardText(explanation)],
    ["site", siteText(explanation)],
  ];
  if (route !== null) rows.push(["route", routeText(route, explanation)]);
  if (looksUp !== null && refusal === null) rows.push(["file", looksUp]);
  if (refusal !== null) rows.push(["answer", refusalText(refusal)]);
  for (const other of others) {
    rows.push(["not", `${routeText(other, explanation)}: ${BECAUSE[other.because]}`]);
  }
  const lines = rows.map(([name, text]) => `  ${name.padEnd(7)}${text}`);
  return `${method} ${url}\n${lines.join("\n")}\n`;
}

function guardText({ guard, host }: Explanation): string {
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

function refusalText({ status, message, allow }: NonNullable<Explanation["refusal"]>): string {
  return `${status}: ${message}${allow === null ? "" : ` It takes ${allow}.`}`;
}
