import type { Log } from "../base/log.ts";
import { Admission, SharedCounts } from "../runtime/index.ts";
import type { ServingInit } from "./orders.ts";

/** What lets clients in to the worker on `seat`. */
export function admissionOf({ served, shared }: ServingInit, seat: number, log: Log): Admission {
  const onFull = (): void =>
    log.warn("more clients than connectionsPerAddress can count: some go uncounted");
  const counts = new SharedCounts(shared.clients, seat, onFull);
  return new Admission({ limits: served.config.limits, counts });
}
