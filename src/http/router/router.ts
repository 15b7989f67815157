// From host and path to a route. A server that listens on loopback addresses only, and names no
// hosts, answers to loopback names only: else a page elsewhere could point its own name at
// 127.0.0.1 and read what is served here (DNS rebinding). HTTP/1.0 without Host passes: no browser
// sends it.
import { Failure, type FailureTable } from "../../base/failure.ts";
import { hostKey, isLoopbackName } from "./host-names.ts";
import { HostTable, type NamedSite } from "./host-table.ts";
import type { Match } from "./match.ts";
import { isParam, patternMatches, type Pattern } from "./pattern.ts";
import { RouteTable } from "./route-table.ts";

export const ROUTER_FAILURES = {
  // RFC 9110 §15.5.20
  hostUnknown: { status: 421, message: "This server does not answer for that host." },
  notFound: { status: 404, message: "There is nothing here by that name." },
} as const satisfies FailureTable;

export type RouterFailure = Failure<keyof typeof ROUTER_FAILURES>;

export interface SiteSpec<T> {
  /** Names as `parseHost` reads them; empty: any host that no other site names. */
  readonly hosts: readonly string[];
  readonly routes: readonly { readonly pattern: Pattern; readonly value: T }[];
}

/** Why another route answers a path that this one matches, too. */
export type Loss =
  | "exactWins"
  | "literalWins"
  | "longerPrefixWins"
  | "suffixWins"
  | "otherSuffixWins";

/** How a lookup came out, for people. */
export interface RouteFacts<T> {
  /** The host in its one spelling. */
  readonly host: string;
  /** "off": the server is not loopback only, or names hosts; "exempt": asked by a unix socket. */
  readonly guard: "off" | "exempt" | "passed" | "refused";
  readonly site: NamedSite | null;
  readonly match: Match<T> | null;
  readonly losers: readonly { readonly match: Match<T>; readonly because: Loss }[];
}

/** The routing table. Never changed once made: a reload makes another and swaps the reference. */
export class Router<T> {
  readonly #hosts: HostTable;
  readonly #tables: readonly RouteTable<T>[];
  readonly #guarded: boolean;
  /** How the last host came out: mostly the next one is the same (0.3 µs). */
  #last: { host: string; exempt: boolean; table: RouteTable<T> | null } | null = null;

  constructor(sites: readonly SiteSpec<T>[], guard: { readonly loopbackOnly: boolean }) {
    this.#hosts = new HostTable(sites.map((site) => site.hosts));
    this.#tables = sites.map((site, index) => new RouteTable(matchesOf(site, index)));
    this.#guarded = guard.loopbackOnly && !this.#hosts.named;
  }

  /**
   * The route of a request. `host` is lower case and without port, "" where the client sent none;
   * `path` is decoded. `loopbackExempt` for connections that no web page can make (unix sockets).
   */
  lookup(host: string, path: string, loopbackExempt: boolean): Match<T> | RouterFailure {
    const table = this.#tableOf(host, loopbackExempt);
    if (table === null) return new Failure("hostUnknown", host);
    return table.lookup(path) ?? new Failure("notFound", path);
  }

  /** The routes of the site that answers for `host`; null where none does. */
  #tableOf(host: string, loopbackExempt: boolean): RouteTable<T> | null {
    const last = this.#last;
    if (last !== null && last.host === host && last.exempt === loopbackExempt) return last.table;
    const key = hostKey(host);
    const refused = this.#guardOf(key, loopbackExempt) === "refused";
    const site = refused ? null : this.#hosts.lookup(key);
    const table = site === null ? null : this.#tables[site.site]!;
    this.#last = { host, exempt: loopbackExempt, table };
    return table;
  }

  /** Index of the site that a host means, whoever asks; null where no site answers for it. */
  siteOf(host: string): number | null {
    return this.#hosts.lookup(hostKey(host))?.site ?? null;
  }

  /** What `lookup` does, step by step, and what else could have answered. */
  explain(host: string, path: string, loopbackExempt: boolean): RouteFacts<T> {
    const key = hostKey(host);
    const guard = this.#guardOf(key, loopbackExempt);
    const site = guard === "refused" ? null : this.#hosts.lookup(key);
    if (site === null) return { host: key, guard, site, match: null, losers: [] };
    const table = this.#tables[site.site]!;
    const match = table.lookup(path);
    const losers = table.matches
      .filter((other) => other !== match && patternMatches(other.pattern, path))
      .map((other) => ({ match: other, because: lossTo(match!.pattern, other.pattern) }));
    return { host: key, guard, site, match, losers };
  }

  #guardOf(key: string, exempt: boolean): RouteFacts<T>["guard"] {
    if (!this.#guarded) return "off";
    if (exempt) return "exempt";
    return key === "" || isLoopbackName(key) ? "passed" : "refused";
  }
}

function matchesOf<T>(site: SiteSpec<T>, index: number): Match<T>[] {
  return site.routes.map(({ pattern, value }, at) => ({
    site: index,
    index: at,
    pattern,
    route: value,
    prefixLength: pattern.prefixLength,
  }));
}

/** Both match one path, so where they differ first, one has a parameter or is at its end. */
function lossTo(winner: Pattern, loser: Pattern): Loss {
  const others = loser.prefix.split("/");
  const at = winner.prefix
    .split("/")
    .findIndex((one, index) => isParam(one) !== isParam(others[index] ?? ""));
  if (at !== -1 && at < others.length && isParam(others[at]!)) return "literalWins";
  if (winner.kind === "exact") return "exactWins";
  if (segmentsIn(winner) > segmentsIn(loser)) return "longerPrefixWins";
  return loser.kind === "suffix" ? "otherSuffixWins" : "suffixWins";
}

function segmentsIn({ prefix }: Pattern): number {
  return prefix.split("/").length;
}
