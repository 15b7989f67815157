// What processes that are gone left in a folder that is written to: done where it was begun, else
// taken away.
import { LocalDevices } from "../local-devices.ts";
import { removeQuietly } from "./draft-room.ts";
import { draftsInJournals, rollForward } from "./journal.ts";
import { isAbandoned } from "./owner.ts";
import type { PlaceRoom } from "./place.ts";

const WAIT_MS = 60_000;

/** One at a time, of all threads. Throws as the system does. */
export async function sweep(room: PlaceRoom): Promise<void> {
  const { system, options, own } = room;
  const lease = await options.locks.acquire(`sweep ${own.key}`, { waitMs: WAIT_MS });
  if (lease === null) return; // whoever holds it sweeps
  try {
    const { dev } = system.fstatSync(own.fd);
    const isLocal = await new LocalDevices(system).has(dev, own.at("."));
    await rollForward(room, isLocal);
    await dropAbandoned(room, isLocal);
  } finally {
    lease.release();
  }
}

async function dropAbandoned(room: PlaceRoom, isLocal: boolean): Promise<void> {
  const { system, drafts, options } = room;
  const needed = await draftsInJournals(room);
  for (const name of await system.readdir(drafts.at("."))) {
    if (needed.has(name)) continue;
    const seen = await system.lstat(drafts.at(name)).catch(() => null);
    if (seen === null) continue; // its owner finished it meanwhile
    const ageMs = options.clock.nowMs() - Number(seen.mtimeMs);
    if (isAbandoned(name, ageMs, isLocal)) await removeQuietly(room, name);
  }
}
