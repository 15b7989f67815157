import { dirname } from "node:path";
import { handlerRoom } from "../../http/room.ts";
import { CGI_ROUTE_FAILURES } from "./failures.ts";
import { cgiHandler } from "./handler.ts";
import { options } from "./options.ts";

export const cgi = handlerRoom({
  name: "cgi",
  doc: "Runs scripts by CGI/1.1: a process a request, which is gone when the request is.",
  options,
  methods: "any",
  failures: CGI_ROUTE_FAILURES,
  reaches: ({ root, script }) => (root === undefined ? [dirname(script!)] : [root]),
  runsAllOf: ({ root }) => root ?? null,
  concurrency: ({ concurrency, queue }) => ({ limit: concurrency, queueMax: queue }),
  create: cgiHandler,
});
