// The URL of a request, absolute, as a URL parser writes it: what an app reads in it and what
// stands in the log or was decided by the router is one path.
import type { Exchange } from "../../http/exchange/index.ts";

/** Paths and queries of these are left as they are by every URL parser. */
const PLAIN_PATH = /^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;
const PLAIN_QUERY = /^[A-Za-z0-9\-._~!$&()*+,;=:@%/?[\]{}|^`\\]*$/;

type Asked = Pick<Exchange, "authority" | "query" | "rawPath" | "secure">;

/** For requests of HTTP/1.0 that name no host. */
const NO_HOST = "localhost";

let lastAuthority = "";
let lastOrigins: readonly [plain: string, secure: string] = ["", ""];

/** `scheme://authority/path?query` of what was asked for. */
export function requestUrl({ authority, rawPath, query, secure }: Asked): string {
  if (authority !== lastAuthority || lastOrigins[0] === "") {
    lastAuthority = authority;
    lastOrigins = [originOf("http", authority), originOf("https", authority)];
  }
  const origin = secure ? lastOrigins[1] : lastOrigins[0];
  if (!PLAIN_PATH.test(rawPath) || !PLAIN_QUERY.test(query)) {
    return parsedUrl(origin, rawPath, query);
  }
  return query === "" ? `${origin}${rawPath}` : `${origin}${rawPath}?${query}`;
}

/** In small letters, without the scheme's own port. */
function originOf(scheme: string, authority: string): string {
  return new URL(`${scheme}://${authority === "" ? NO_HOST : authority}`).origin;
}

// To a URL parser `\` is a `/`, by which `/a\..\b` would be `/b`; to the router it is a character.
function parsedUrl(origin: string, rawPath: string, query: string): string {
  const path = rawPath.replaceAll("\\", "%5C");
  return new URL(`${origin}${path}${query === "" ? "" : `?${query}`}`).href;
}
