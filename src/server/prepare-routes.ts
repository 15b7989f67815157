// What routes need on disk is made once, before any worker serves them: folders that are written
// to, and what a crash left in them.
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { accountWithoutWorkers, clientWithoutWorkers } from "../runtime/index.ts";
import { Stores } from "../storage/index.ts";
import { routesOf } from "./assemble.ts";
import { handlerNameOf } from "./check.ts";
import type { Config } from "./config.ts";
import { handlerNamed } from "./registry.ts";

/** Has the handlers of all routes prepare. Throws with what is in the way, in words. */
export async function prepareRoutes(config: Config, log: Log): Promise<void> {
  const stores = storesWithoutWorkers(log);
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

/** Stores of a thread that no worker writes beside. */
export function storesWithoutWorkers(log: Log): Stores {
  return new Stores({
    locks: clientWithoutWorkers(),
    account: accountWithoutWorkers(),
    clock: systemClock,
    log,
    onWritten: () => {},
  });
}
