// The Location of a redirect (RFC 9110 §10.2.2), made of the config's target and of what the
// client sent. What the client sent can never change the host: it comes behind a "/" that the
// config wrote, loses the slashes that it begins with, and is escaped to what a URI may hold.
import { uriText } from "../../http/uri-text.ts";

/**
 * `to`, then `rest` if `to` ends in "/", then the query. `rest` and `query` are the client's, still
 * encoded. A `to` that has a query or a fragment of its own stands as it is.
 */
export function location(to: string, rest: string, query: string): string {
  if (/[?#]/.test(to)) return to;
  const path = to.endsWith("/") ? to + uriText(withoutLeadingSlashes(rest)) : to;
  return query === "" ? path : `${path}?${uriText(query)}`;
}

// With `to = "/"`, a request for `/old//evil.example` would go to `//evil.example`, which names a
// host and not a path (RFC 3986 §4.2). Browsers read `\` as `/` there.
function withoutLeadingSlashes(rest: string): string {
  let start = 0;
  while (rest[start] === "/" || rest[start] === "\\") start += 1;
  return rest.slice(start);
}
