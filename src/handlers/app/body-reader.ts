// A request's body is read once: by its `Request`, or part by part. Who comes second is told.
import type { Exchange } from "../../http/exchange/index.ts";

const taken = new WeakSet<Exchange>();

/** Somebody has read of it. */
export function isBodyTaken(exchange: Exchange): boolean {
  return taken.has(exchange);
}

/** From now on the body is the caller's. Throws a TypeError where it is somebody's already. */
export function takeBody(exchange: Exchange): void {
  if (taken.has(exchange)) throw new TypeError("the request's body has been read already");
  taken.add(exchange);
}
