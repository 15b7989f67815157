import { dirname } from "node:path";
import { GATEWAY_FAILURES } from "../../http/gateway/index.ts";
import { handlerRoom } from "../../http/room.ts";
import { poolSpec } from "./backend.ts";
import { fastCgiHandler } from "./handler.ts";
import { options } from "./options.ts";

export { backendAt } from "./backend.ts";
export { FastCgiRoute } from "./handler.ts";
export type { FastCgiOptions } from "./options.ts";

export const fastcgi = handlerRoom({
  name: "fastcgi",
  doc: "Has a FastCGI program answer: php-fpm, say, or processes that the server starts.",
  options,
  methods: "any",
  failures: GATEWAY_FAILURES,
  reaches: ({ root, script }) =>
    [root, script === undefined ? undefined : dirname(script)].filter((one) => one !== undefined),
  runsBelow: ({ root, suffixes }) => (root === undefined ? null : { folder: root, suffixes }),
  concurrency: ({ spawn, workers, concurrency, queue }) => ({
    limit: spawn === undefined ? concurrency : workers,
    queueMax: queue,
  }),
  pool: poolSpec,
  create: fastCgiHandler,
});
