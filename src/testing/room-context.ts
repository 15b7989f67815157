// What a room is handed when a route is made, for tests of rooms: no workers, nothing logged.
import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { RoomContext, SessionCookieSettings } from "../http/room.ts";
import {
  accountWithoutWorkers,
  clientWithoutWorkers,
  EventsClient,
  MAIN_OWNER,
  Programs,
  programsMemory,
  SharedLocks,
  sharedLocksMemory,
  UNBOUND_SLOTS,
} from "../runtime/index.ts";
import { OpenFileCache, Spools, Stores } from "../storage/index.ts";
import { memorySessions } from "./memory-sessions.ts";

const nothing = (): void => {};
const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Of sessions in tests. */
export const SESSION_SETTINGS: SessionCookieSettings = {
  cookie: "portico_session",
  sameSite: "lax",
  secrets: [],
  bytesMax: 65_536,
};

const noModule = (file: string): never => assert.fail(`${file} was not loaded`);

/** `given`, and what else there is to a route's context. */
export function roomContext(given: Partial<RoomContext> = {}): RoomContext {
  const { clock = systemClock, log = SILENT } = given;
  const files = given.files ?? new OpenFileCache({ clock });
  const coordinator = clientWithoutWorkers();
  const stores = new Stores({
    locks: new SharedLocks(sharedLocksMemory(), MAIN_OWNER),
    account: accountWithoutWorkers(),
    clock,
    log,
    onWritten: () => files.invalidate(),
  });
  const slots = UNBOUND_SLOTS;
  const spools = new Spools({ folder: tmpdir(), log });
  const events = new EventsClient(clock, nothing);
  const programs = new Programs(programsMemory(1), 0);
  const secret = new Uint8Array(32);
  const pools = { runFolder: "", onPoolHangs: nothing };
  const route = { route: "/*", place: "0 /*", documentRoot: null, handlerMs: 60_000 };
  const rest = {
    ...pools,
    ...route,
    uploadFolders: [],
    scriptFolders: [],
    claimedSuffixes: [],
    sessions: memorySessions(),
    sessionSettings: SESSION_SETTINGS,
    module: noModule,
    ...given,
  };
  const made = { clock, log, files, coordinator, slots, spools, stores, events, programs, secret };
  return { ...made, ...rest };
}
