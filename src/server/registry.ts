// The one place that names rooms. A new handler or filter is its folder and a line here; config,
// JSON Schema, reference pages and `check` follow from it. Rooms from outside join by `with`.
import type { FailureTable } from "../base/failure.ts";
import { headers } from "../filters/headers/index.ts";
import { internal } from "../filters/internal/index.ts";
import { methods } from "../filters/methods/index.ts";
import { session } from "../filters/session/index.ts";
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
import type { FilterRoom, HandlerRoom, Room } from "../http/room.ts";
import {
  CGI_FAILURES,
  FASTCGI_FAILURES,
  HTTP1_FAILURES,
  MEDIA_FAILURES,
  MULTIPART_FAILURES,
} from "../protocol/index.ts";
import { STORAGE_FAILURES } from "../storage/index.ts";
import { complaintAboutRoom } from "./room-complaint.ts";

// What apps are written with.
export { EventChannel, ServerWebSocket, UpgradeRefused } from "../handlers/app/index.ts";
export type {
  App,
  AppContext,
  ChannelOptions,
  FoundFile,
  ListedFile,
  Message,
  Part,
  PartsBounds,
  PutOptions,
  ServerSentEvent,
  SocketEvents,
  Source,
  Storage,
  StoredFile,
  SubscribeOptions,
  UpgradeOptions,
} from "../handlers/app/index.ts";

// Every handler; a route names exactly one.
const HANDLERS = [
  staticFiles,
  upload,
  cgi,
  fastcgi,
  app,
  redirect,
  respond,
] as const satisfies readonly HandlerRoom[];

// Every filter, outermost first: what it adds is on what those behind it answer, too.
const FILTERS = [internal, headers, methods, session] as const satisfies readonly FilterRoom[];

/** The rooms that the program brings: their types tell how routes are written. */
export type BuiltInRoom = (typeof HANDLERS | typeof FILTERS)[number];

const FAILURES: FailureTable = joined([
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
  ...[...HANDLERS, ...FILTERS].map((room) => room.failures),
]);

/** Why a room can't be taken in, in words. */
export class RoomRefused extends Error {}

/** The rooms that a config may name. */
export class Registry {
  /** A route names exactly one. */
  readonly handlers: readonly HandlerRoom[];
  /** Outermost first. */
  readonly filters: readonly FilterRoom[];
  /** Every failure that a client can be answered with. */
  readonly failures: FailureTable;

  constructor(
    handlers: readonly HandlerRoom[],
    filters: readonly FilterRoom[],
    failures: FailureTable,
  ) {
    this.handlers = handlers;
    this.filters = filters;
    this.failures = failures;
  }

  get rooms(): readonly Room[] {
    return [...this.handlers, ...this.filters];
  }

  has(room: Room): boolean {
    return this.rooms.includes(room);
  }

  /** The room of that name, which must be one. */
  handlerNamed(name: string): HandlerRoom {
    const room = this.handlers.find((one) => one.name === name);
    if (room === undefined) throw new Error(`no handler is called ${name}`);
    return room;
  }

  /**
   * These rooms and `more`, whose filters stand inside of the ones before. Throws a RoomRefused for
   * a name or a failure that is another's, and for what is no room.
   */
  with(more: readonly Room[]): Registry {
    const [handlers, filters] = [[...this.handlers], [...this.filters]];
    const failures: Record<string, FailureTable[string]> = { ...this.failures };
    for (const room of more) {
      const complaint = complaintAboutRoom(room, [...handlers, ...filters], failures);
      if (complaint !== null) throw new RoomRefused(complaint);
      Object.assign(failures, room.failures);
      if (room.kind === "handler") handlers.push(room);
      else filters.push(room);
    }
    return new Registry(handlers, filters, failures);
  }
}

/** What the program has without anything from outside. */
export const BUILT_IN = new Registry(HANDLERS, FILTERS, FAILURES);

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
