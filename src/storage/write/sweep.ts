// What processes that are gone left in a folder that is written to: done where it was begun, else
// taken away.
import { removeQuietly } from "./draft-room.ts";
import { draftsInJournals, isJournal, rollForward } from "./journal.ts";
import { OWN } from "./names.ts";
import { isAbandoned } from "./owner.ts";
import type { DraftRoom } from "./draft-room.ts";

const WAIT_MS = 60_000;

/** One at a time, of all threads. Throws as the system does. */
export async function sweep(room: DraftRoom): Promise<void> {
  const { options, root } = room;
  const lease = await options.locks.acquire([`sweep ${root.key}`], { waitMs: WAIT_MS });
  if (lease === null) return; // whoever holds it sweeps
  try {
    await rollForward(room);
    await dropAbandoned(room);
  } finally {
    lease.release();
  }
}

async function dropAbandoned(room: DraftRoom): Promise<void> {
  const { system, root, options, isLocal } = room;
  const needed = await draftsInJournals(room);
  for (const name of await system.readdir(root.at("."))) {
    if (!name.startsWith(OWN) || needed.has(name) || isJournal(name)) continue;
    const seen = await system.lstat(root.at(name)).catch(() => null);
    if (seen?.isFile() !== true) continue; // its owner finished it meanwhile
    const ageMs = options.clock.nowMs() - Number(seen.mtimeMs);
    if (isAbandoned(name, ageMs, isLocal)) await removeQuietly(room, name);
  }
}
