// What routes need on disk is made once, before any worker serves them: folders that are written
// to, and what a crash left in them.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { accountWithoutWorkers, MAIN_OWNER, SharedLocks } from "../runtime/index.ts";
import { Stores } from "../storage/index.ts";
import { routesOf } from "./assemble.ts";
import { handlerNameOf } from "./check.ts";
import type { Config } from "./config.ts";
import { handlerNamed } from "./registry.ts";
import type { SharedState } from "./shared-state.ts";

/** Has the handlers of all routes prepare. Throws with what is in the way, in words. */
export async function prepareRoutes(
  config: Config,
  locks: SharedState["locks"],
  log: Log,
): Promise<void> {
  const stores = mainStores(locks, log);
  try {
    for (const route of config.site.flatMap(routesOf)) {
      const room = handlerNamed(handlerNameOf(route)!);
      const options = (route as Record<string, unknown>)[room.name];
      // oxlint-disable-next-line no-await-in-loop -- two routes may share a folder
      const complaint = (await room.prepare?.(options, stores)) ?? null;
      if (complaint !== null) throw new Error(`the route ${route.path}: ${complaint}`);
    }
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
