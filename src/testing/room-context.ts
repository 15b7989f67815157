// What a room is handed when a route is made, for tests of rooms: no workers, nothing logged.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { RoomContext } from "../http/room.ts";
import {
  accountWithoutWorkers,
  clientWithoutWorkers,
  EventsClient,
  MAIN_OWNER,
  Programs,
  programsMemory,
  SharedLocks,
  sharedLocksMemory,
} from "../runtime/index.ts";
import { OpenFileCache, Stores } from "../storage/index.ts";

const nothing = (): void => {};
const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

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
  const events = new EventsClient(clock, nothing);
  const programs = new Programs(programsMemory(1), 0);
  const secret = new Uint8Array(32);
  const rest = { route: "/*", uploadFolders: [], claimedSuffixes: [], ...given };
  return { clock, log, files, coordinator, stores, events, programs, secret, ...rest };
}
