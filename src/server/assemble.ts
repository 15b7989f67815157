// From a config to what answers requests: each route's filters and handler become one function, the
// routes one table. A reload makes another assembly and swaps it in.
import { Failure, type FailureTable } from "../base/failure.ts";
import type { FailedRequest } from "../http/engine/index.ts";
import { errorReply } from "../http/errors/index.ts";
import { Reply, type Answer, type Exchange, type Handler } from "../http/exchange/index.ts";
import { guardMethods } from "../http/methods.ts";
import type { FilterContext, RoomContext, ScriptFolder, SiteFacts } from "../http/room.ts";
import { readParams, Router, type SiteSpec } from "../http/router/index.ts";
import { TrustedProxies } from "../http/trusted-proxies.ts";
import type { ListenAddress } from "../transport/index.ts";
import type { Slots } from "../runtime/index.ts";
import { isLoopback } from "./addresses.ts";
import type { Config, RouteConfig, SiteConfig } from "./config.ts";
import { ErrorPages } from "./error-pages.ts";
import { BUILT_IN, type Registry } from "./registry.ts";
import { soundAnswers } from "./sound-answers.ts";
import {
  claimedSuffixes,
  documentRoot,
  handlerOf,
  patternOf,
  placedRoutes,
  placeOf,
  routesOf,
  type PlacedRoute,
} from "./routes.ts";
import { sessionCookieSettings } from "./session-table.ts";

// What is longer, setTimeout takes for a millisecond.
const TIMER_MS_MAX = 2 ** 31 - 1;

/** What a config amounts to for the engine. */
export interface Assembly {
  readonly dispatch: Handler;
  readonly failureReply: (failure: Failure, request: FailedRequest) => Reply;
}

/** What a route has of its own, or of its site. */
type RouteParts = "claimedSuffixes" | "documentRoot" | "place" | "route" | "slots";

/** What all routes together say of folders. */
type FolderParts = "scriptFolders" | "uploadFolders";

/** What the config says by itself. */
type ConfigParts = "dev" | "handlerMs" | "sessionSettings";

interface Parts extends Omit<RoomContext, RouteParts | ConfigParts | FolderParts> {
  /** Those of the route at this place. */
  slotsOf(place: string): Slots;
}

/** What is to be served. */
interface ToServe {
  readonly config: Config;
  readonly registry: Registry;
  /** Those listened on: the loopback guard depends on them. */
  readonly addresses: readonly ListenAddress[];
}

/** Compiles a config. */
export function assemble({ config, registry, addresses }: ToServe, parts: Parts): Assembly {
  const handlerMs = Math.min(config.timeouts.handler, TIMER_MS_MAX);
  const placed = placedRoutes(config, registry);
  const folders = { scriptFolders: scriptFolders(placed), uploadFolders: uploadFolders(placed) };
  const sessionSettings = sessionCookieSettings(config.session);
  const context = { ...parts, ...folders, handlerMs, sessionSettings, dev: config.dev };
  const router = routerOf(config, addresses, (site, route) => {
    const place = placeOf(config.site.indexOf(site), route);
    return routeHandler(site, route, registry, { ...context, place, slots: parts.slotsOf(place) });
  });
  const pagesOf = pagesFor(router, config.site);
  return {
    dispatch: dispatcher(router, proxiesOf(config)),
    failureReply: (failure, request) => failureReply(failure, request, registry.failures, pagesOf),
  };
}

/** The routing table of `config`, with what `valueOf` makes of each route. */
export function routerOf<T>(
  config: Config,
  addresses: readonly ListenAddress[],
  valueOf: (site: SiteConfig, route: RouteConfig) => T,
): Router<T> {
  const sites = config.site.map((site): SiteSpec<T> => {
    const routes = routesOf(site).map((route) => ({
      pattern: patternOf(route),
      value: valueOf(site, route),
    }));
    return { hosts: site.hosts ?? [], routes };
  });
  return new Router(sites, { loopbackOnly: addresses.every(isLoopback) });
}

function proxiesOf({ trustedProxies }: Config): TrustedProxies | null {
  return trustedProxies.length === 0 ? null : new TrustedProxies(trustedProxies);
}

function dispatcher(router: Router<Handler>, forwarders: TrustedProxies | null): Handler {
  return (exchange) => {
    exchange.forwarders = forwarders;
    const { host, path, connection } = exchange;
    const match = router.lookup(host, path, connection.unix);
    if (path === "*") return optionsForAll(match);
    if (match instanceof Failure) return match;
    if (match.pattern.params.length === 0) exchange.prefixLength = match.prefixLength;
    else Object.assign(exchange, readParams(match.pattern, path));
    return match.route(exchange);
  };
}

/** `OPTIONS *` asks about the server as a whole (RFC 9110 §9.3.7). */
function optionsForAll(match: unknown): Answer {
  if (match instanceof Failure && match.code === "hostUnknown") return match;
  return new Reply(204, [["Allow", "GET, HEAD, OPTIONS"]]);
}

function routeHandler(
  site: SiteConfig,
  route: RouteConfig,
  registry: Registry,
  parts: Omit<RoomContext, Exclude<RouteParts, "place" | "slots">>,
): Handler {
  const { room, options } = handlerOf(route, registry);
  const context = {
    ...parts,
    route: route.path,
    documentRoot: documentRoot(site, registry),
    claimedSuffixes: claimedSuffixes(site, registry),
  };
  const handler = room.create(options, context);
  if (typeof handler !== "function") throw new Error(`the handler "${room.name}" made no function`);
  const sound = BUILT_IN.has(room) ? handler : soundAnswers(handler, registry.failures);
  return guardedHandler(route, registry, sound, context);
}

/** `handler` behind all that stands before it on `route`: filters, and the methods it takes. */
export function guardedHandler(
  route: RouteConfig,
  registry: Registry,
  handler: Handler,
  context: FilterContext & SiteFacts,
): Handler {
  const given = route as Record<string, unknown>;
  const { room, options: own } = handlerOf(route, registry);
  const methods = typeof room.methods === "function" ? room.methods(own, context) : room.methods;
  const bounded = boundBodies(room.bodyBytesMax?.(own) ?? null, handler);
  let guarded = guardMethods(methods, bounded);
  const filters = registry.filters.filter(({ name }) => given[name] !== undefined).toReversed();
  // What throws is the engine's to answer, where there is no filter that is to see that answer: a
  // promise less for each that a program gives.
  if (filters.length > 0) guarded = unbroken(guarded, context);
  for (const filter of filters) {
    guarded = filter.create(given[filter.name], context)(guarded);
    if (BUILT_IN.has(filter)) continue;
    guarded = unbroken(soundAnswers(guarded, registry.failures), context);
  }
  return guarded;
}

/**
 * `handler`, which is not asked where a body is announced as larger than `bytesMax` (null: than the
 * server takes).
 */
export function boundBodies(bytesMax: number | null, handler: Handler): Handler {
  if (bytesMax !== null) {
    return (exchange) => {
      exchange.body.bytesMax = bytesMax;
      return tooLarge(exchange) ?? handler(exchange);
    };
  }
  // A GET's body, which hardly any has, is refused by the server's bound when somebody reads it: a
  // look at each costs 0.2 µs a request (bench tiny).
  return (exchange) =>
    exchange.method === "GET" ? handler(exchange) : (tooLarge(exchange) ?? handler(exchange));
}

function tooLarge({ body }: Exchange): Failure | null {
  if (body.length === null || body.length <= body.bytesMax || body.length === 0) return null;
  return new Failure("bodyTooLarge", `${body.length} bytes announced`);
}

function uploadFolders(placed: readonly PlacedRoute[]): string[] {
  return placed.flatMap(({ room, options }) => room.uploadsTo?.(options) ?? []);
}

/** A suffix route runs some files of its folder, and others are served beside them. */
function scriptFolders(placed: readonly PlacedRoute[]): ScriptFolder[] {
  return placed.flatMap(({ room, route, options }) =>
    patternOf(route).kind === "suffix" ? [] : (room.runsBelow?.(options) ?? []),
  );
}

/** A handler that throws has answered 500: the filters around it see an answer like any other. */
function unbroken(handler: Handler, { log }: FilterContext): Handler {
  const broken = (exchange: Exchange, error: unknown): Failure => {
    log.error(`request ${exchange.id} failed`, error, exchange.id);
    return new Failure("internalError");
  };
  return (exchange) => {
    try {
      const answer = handler(exchange);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((error: unknown) => broken(exchange, error));
    } catch (error) {
      return broken(exchange, error);
    }
  };
}

/** The pages of the site that answers for a host. */
type PagesOf = (host: string) => ErrorPages | null;

function pagesFor(router: Router<Handler>, sites: readonly SiteConfig[]): PagesOf {
  const pages = sites.map((site) => new ErrorPages(site));
  return (host) => {
    const site = router.siteOf(host);
    return site === null ? null : pages[site]!;
  };
}

function failureReply(
  failure: Failure,
  request: FailedRequest,
  failures: FailureTable,
  pagesOf: PagesOf,
): Reply {
  const row = failures[failure.code];
  if (row === undefined) throw new Error(`no row for the failure ${failure.code}`);
  return errorReply({
    ...request,
    ...row,
    code: failure.code,
    fields: failure.fields,
    page: pagesOf(request.host)?.pageFor(row.status) ?? null,
  });
}
