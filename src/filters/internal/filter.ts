import { Failure } from "../../base/failure.ts";
import type { Filter } from "../../http/exchange/index.ts";

/** Lets through what was sent on in this server; for clients nothing is here. */
export function internalFilter(isInternal: boolean): Filter {
  if (!isInternal) return (next) => next;
  return (next) => (exchange) =>
    exchange.reroutes > 0 ? next(exchange) : new Failure("notFound", exchange.path);
}
