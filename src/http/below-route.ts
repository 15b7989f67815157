// What a path is to its route: what to look up below the folder of it, and where a folder is that
// was asked for without its slash.
import { Reply, type Exchange } from "./exchange/index.ts";
import { uriText } from "./uri-text.ts";

/**
 * The path to look up below the root: what the route's `*` matched. An exact route has no `*`;
 * there it is the whole path, as under a suffix route.
 */
export function pathBelowRoot(exchange: Exchange): string {
  const { path, prefixLength } = exchange;
  const exact = prefixLength === path.length && !path.endsWith("/");
  return exact ? path.slice(1) : exchange.restPath;
}

/** Where clients find `path` (below the root, decoded) under the route, with the query. */
export function targetBelow(exchange: Exchange, path: string): string {
  const { rawPath, rest, query } = exchange;
  const exact = exchange.prefixLength === exchange.path.length && !exchange.path.endsWith("/");
  const prefix = exact ? "/" : rawPath.slice(0, rawPath.length - rest.length);
  const target = prefix + encoded(path);
  return query === "" ? target : `${target}?${query}`;
}

/** A slash that came encoded stays so in a decoded path: see `decodePath`. */
function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/").replaceAll("%252F", "%2F");
}

/**
 * Where a folder that was asked for without its slash is: the path as it came, with the slash.
 * Never `//name/…`, which names a host (RFC 3986 §4.2); browsers read `\` as `/` there.
 */
export function withSlash(rawPath: string, query: string): string {
  const path = `/${rawPath.replace(/^[/\\]+/, "")}/`;
  return uriText(query === "" ? path : `${path}?${query}`);
}

/** Sends a client to the folder that it asked for without the slash: its page's addresses are
 *  relative. What changes something is asked for again as it was (308). */
export function toFolder({ method, rawPath, query }: Exchange): Reply {
  const status = method === "GET" || method === "HEAD" ? 301 : 308;
  return new Reply(status, [["Location", withSlash(rawPath, query)]]);
}
