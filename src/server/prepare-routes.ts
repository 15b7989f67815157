// What routes need on disk is made once, before any worker serves them: folders that are written
// to, and what a crash left in them.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { accountWithoutWorkers, MAIN_OWNER, SharedLocks } from "../runtime/index.ts";
import { Stores } from "../storage/index.ts";
import type { Config } from "./config.ts";
import type { Registry } from "./registry.ts";
import { placedRoutes } from "./routes.ts";
import { findRunUploads } from "./run-uploads.ts";
import type { SharedState } from "./shared-state.ts";
import { findStateUploads } from "./state-uploads.ts";

/**
 * Has the handlers of all routes prepare. Throws with what is in the way, in words. `data`: the
 * server's own folder, if it has one.
 */
export async function prepareRoutes(
  config: Config,
  registry: Registry,
  locks: SharedState["locks"],
  log: Log,
  data?: string,
): Promise<void> {
  const stores = mainStores(locks, log);
  try {
    for (const { route, room, options } of placedRoutes(config, registry)) {
      // oxlint-disable-next-line no-await-in-loop -- two routes may share a folder
      const complaint = (await room.prepare?.(options, stores)) ?? null;
      if (complaint !== null) throw new Error(`the route ${route.path}: ${complaint}`);
    }
    const routes = placedRoutes(config, registry).map(({ route, ...rest }) => {
      return { path: route.path, ...rest };
    });
    // Once more behind `check`: what was made just now may lie behind a link.
    const [found] = [
      ...findRunUploads(routes),
      ...(data === undefined ? [] : findStateUploads(routes, data)),
    ];
    if (found !== undefined) throw new Error(found.message);
  } finally {
    await stores.close();
  }
}

/** The stores of the main thread, which stores nothing itself. */
export function mainStores(locks: SharedState["locks"], log: Log): Stores {
  return new Stores({
    locks: new SharedLocks(locks, MAIN_OWNER),
    account: accountWithoutWorkers(),
    clock: systemClock,
    log,
    onWritten: () => {},
  });
}
