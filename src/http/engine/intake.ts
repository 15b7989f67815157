// From a request's head to an exchange. For whom and for what it is was decided by the codec, once.
import { Failure } from "../../base/failure.ts";
import type { Http1Head } from "../../protocol/index.ts";
import { Exchange, type Arrival, type Handler } from "../exchange/index.ts";

/** The exchange for `head`, or why there can be none (always a 4xx, or 501 for CONNECT). */
export function openExchange(
  head: Http1Head,
  arrival: Arrival,
  dispatch: Handler,
): Exchange | Failure {
  const { asked } = head;
  if (asked instanceof Failure) return asked;
  if (asked.form === "authority") return new Failure("connectRefused");
  return new Exchange(head, asked, arrival, dispatch);
}
