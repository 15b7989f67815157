// Who is told of requests that are over: the access log, and a library's listeners.
import { formatAccess } from "../http/access-log/index.ts";
import type { EngineSettings, FinishedExchange } from "../http/engine/index.ts";
import type { LineRelay } from "./line-relay.ts";
import type { RequestTold, Served } from "./orders.ts";

/** Null: nobody. */
export function toldOfFinished(
  { config, tellsRequests }: Served,
  access: LineRelay,
  tell: (told: RequestTold) => void,
): EngineSettings["onFinished"] {
  const { format, access: place } = config.log;
  const write = (finished: FinishedExchange): void => access.write(formatAccess(format, finished));
  if (!tellsRequests) return place === "off" ? null : write;
  return (finished) => {
    if (place !== "off") write(finished);
    tell({ kind: "request", finished });
  };
}
