// What is answered before a route's handler is asked: the same guards and filters as the server's,
// around a handler that only notes that it was asked.
import { Failure, type FieldList } from "../base/failure.ts";
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { Exchange, Reply, type ConnectionFacts, type Handler } from "../http/exchange/index.ts";
import { NO_SESSIONS } from "../runtime/index.ts";
import { guardedHandler } from "./assemble.ts";
import type { Config, RouteConfig, SiteConfig } from "./config.ts";
import type { Registry } from "./registry.ts";
import { claimedSuffixes } from "./routes.ts";
import { sessionCookieSettings } from "./session-table.ts";

export interface EarlyAnswer {
  readonly status: number;
  readonly message: string;
  readonly allow: string | null;
}

/** The row of `code`, as an answer. */
export function early(code: string, { failures }: Registry, fields: FieldList = []): EarlyAnswer {
  const { status, message } = failures[code]!;
  return { status, message, allow: fields.find(([name]) => name === "Allow")?.[1] ?? null };
}

/** What `route` answers to `method` by itself; null where its handler is asked. */
export function byGuards(
  method: string,
  config: Config,
  site: SiteConfig,
  route: RouteConfig,
  registry: Registry,
): EarlyAnswer | null {
  let asked = false;
  const handler: Handler = () => {
    asked = true;
    return new Reply(200);
  };
  const parts = { log: SILENT, clock: systemClock, sessions: NO_SESSIONS };
  const sessionSettings = sessionCookieSettings(config.session);
  const context = { ...parts, sessionSettings, claimedSuffixes: claimedSuffixes(site, registry) };
  const answer = guardedHandler(route, registry, handler, context)(exchangeBy(method));
  if (asked || answer instanceof Promise) return null;
  if (answer instanceof Failure) return early(answer.code, registry, answer.fields);
  const allow = answer.fields.find(([name]) => name === "Allow")?.[1] ?? null;
  return { status: answer.status, message: "The methods of this address.", allow };
}

const nothing = (): void => {};
const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const NO_CONNECTION: ConnectionFacts = {
  remoteAddress: "",
  remotePort: 0,
  localAddress: "",
  localPort: 0,
  secure: false,
  unix: false,
};

/** What stands before a handler looks at the method alone. */
function exchangeBy(method: string): Exchange {
  const fields = { get: () => null, has: () => false, all: () => [], *entries() {} };
  const request = { method, target: "/", minorVersion: 1, fields };
  const address = { host: "", authority: "", path: "/", rawPath: "/", query: "" };
  const arrival = {
    body: { length: 0, bytesMax: 0, readyBytes: 0, read: async () => null, fill: async () => 0 },
    connection: NO_CONNECTION,
    receivedMs: 0,
    id: "",
    isAnswered: false,
    onGone: nothing,
  };
  return new Exchange(request, address, arrival, () => new Reply(200));
}
