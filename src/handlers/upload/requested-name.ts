// Which file, or which folder, a request's path names below the route.
import { Failure } from "../../base/failure.ts";
import type { Exchange } from "../../http/exchange/index.ts";
import { safeName } from "../../storage/index.ts";

/** What lies below the route's prefix; "" for the route itself, which is a folder. */
export interface Requested {
  /** In NFC, "/" between segments, none at either end. */
  readonly name: string;
  readonly isFolder: boolean;
}

/** `nameRefused` where a segment can be no file's name. */
export function requestedName(exchange: Exchange): Requested | Failure {
  const path = exchange.restPath;
  if (path === "") return { name: "", isFolder: true };
  const isFolder = path.endsWith("/");
  const segments = (isFolder ? path.slice(0, -1) : path).split("/");
  const names = segments.map((segment) => (/%2f/i.test(segment) ? null : safeName(segment)));
  if (names.includes(null)) return new Failure("nameRefused", path);
  return { name: names.join("/"), isFolder };
}
