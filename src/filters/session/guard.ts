import type { Failure } from "../../base/failure.ts";
import { crossSiteRefusal } from "../../http/cross-site.ts";
import type { Exchange } from "../../http/exchange/index.ts";

/**
 * Why a request is refused: it may change something in the visitor's name, and a page of another
 * site, none of `origins`, had the browser send it. Null: it isn't.
 */
export function guardRefusal(
  exchange: Exchange,
  origins: readonly string[],
): Failure<"crossSite"> | null {
  return mayChange(exchange) ? crossSiteRefusal(exchange, origins) : null;
}

/** A web socket, too, which begins as a GET: anything may come by it. */
function mayChange({ method, fields }: Exchange): boolean {
  if (method === "GET" || method === "HEAD") return fields.has("upgrade");
  return method !== "OPTIONS";
}
