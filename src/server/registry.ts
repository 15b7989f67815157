// The one place that names rooms. A new handler or filter is its folder and a line here; config,
// JSON Schema, reference pages and `check` follow from it.
import type { FailureTable } from "../base/failure.ts";
import { headers } from "../filters/headers/index.ts";
import { internal } from "../filters/internal/index.ts";
import { methods } from "../filters/methods/index.ts";
import { app } from "../handlers/app/index.ts";
import { cgi } from "../handlers/cgi/index.ts";
import { fastcgi } from "../handlers/fastcgi/index.ts";
import { redirect } from "../handlers/redirect/index.ts";
import { respond } from "../handlers/respond/index.ts";
import { staticFiles } from "../handlers/static/index.ts";
import { upload } from "../handlers/upload/index.ts";
import { ENGINE_FAILURES } from "../http/engine/index.ts";
import { GATEWAY_FAILURES } from "../http/gateway/index.ts";
import { METHOD_FAILURES } from "../http/methods.ts";
import { REPRESENTATION_FAILURES } from "../http/representation/index.ts";
import { ROUTER_FAILURES } from "../http/router/index.ts";
import type { FilterRoom, HandlerRoom } from "../http/room.ts";
import {
  CGI_FAILURES,
  FASTCGI_FAILURES,
  HTTP1_FAILURES,
  MEDIA_FAILURES,
  MULTIPART_FAILURES,
} from "../protocol/index.ts";
import { STORAGE_FAILURES } from "../storage/index.ts";

/** Every handler; a route names exactly one. */
export const HANDLERS: readonly HandlerRoom[] = [
  staticFiles,
  upload,
  cgi,
  fastcgi,
  app,
  redirect,
  respond,
];

/** The room of that name, which must be one. */
export function handlerNamed(name: string): HandlerRoom {
  const room = HANDLERS.find((one) => one.name === name);
  if (room === undefined) throw new Error(`no handler is called ${name}`);
  return room;
}

/** Every filter, outermost first: what it adds is on what those behind it answer, too. */
export const FILTERS: readonly FilterRoom[] = [internal, headers, methods];

/** Every failure that a client can be answered with. */
export const FAILURES: FailureTable = joined([
  HTTP1_FAILURES,
  MULTIPART_FAILURES,
  MEDIA_FAILURES,
  CGI_FAILURES,
  FASTCGI_FAILURES,
  ENGINE_FAILURES,
  GATEWAY_FAILURES,
  METHOD_FAILURES,
  REPRESENTATION_FAILURES,
  ROUTER_FAILURES,
  STORAGE_FAILURES,
  ...HANDLERS.map((room) => room.failures),
  ...FILTERS.map((room) => room.failures),
]);

function joined(tables: readonly FailureTable[]): FailureTable {
  const all: Record<string, FailureTable[string]> = {};
  for (const table of tables) {
    for (const [code, row] of Object.entries(table)) {
      if (code in all && all[code]!.status !== row.status) throw new Error(`two rows for ${code}`);
      all[code] = row;
    }
  }
  return all;
}
