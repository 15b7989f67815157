import { Reply, type Handler } from "../../http/exchange/index.ts";
import { location } from "./location.ts";
import type { RedirectOptions } from "./options.ts";

/** Sends every request of its route elsewhere (RFC 9110 §15.4). Never waits, so never a promise. */
export function redirectHandler({ to, status }: RedirectOptions): Handler {
  const target = to.replace(/[^\x21-\x7e]+/g, encodeURIComponent); // a field holds ASCII only
  return (exchange) =>
    new Reply(status, [["Location", location(target, exchange.rest, exchange.query)]]);
}
