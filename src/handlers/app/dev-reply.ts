// What whoever writes an app sees of its errors, where the config says `dev = true`.
import { Reply, type Exchange } from "../../http/exchange/index.ts";

/** The 500 that tells all of `error`. */
export function devReply(error: unknown, exchange: Exchange): Reply {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Reply(500, [["X-Request-Id", exchange.id]], text);
}
