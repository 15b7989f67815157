// Takes a file away: out of sight among the drafts first, so that it can be put back until that is
// on the disk; then for good.
import { Failure } from "../../base/failure.ts";
import { errnoOf } from "../failures.ts";
import { forgetBeside, keptFor } from "./digests.ts";
import { removeQuietly } from "./draft-room.ts";
import { takeLeases } from "./leases.ts";
import type { Condition, Stored } from "./options.ts";
import { ownName } from "./owner.ts";
import type { DraftRoom } from "./draft-room.ts";
import { failureIn } from "./place.ts";
import { lookAt, nameKey } from "./plan.ts";
import { Targets, type Target } from "./target.ts";

/** What was there. `notFound`: nothing was. */
export async function removeFile(
  room: DraftRoom,
  name: string,
  condition: Condition | undefined,
): Promise<Stored | Failure> {
  const { options, system } = room;
  const targets = new Targets(room.root, options.mode, options.durability === "fsync", system);
  try {
    const target = await targets.find(name, options.names ?? "safe", "find");
    if (target instanceof Failure) return target;
    const leases = await takeLeases([nameKey(target, target.leaf)], options.locks);
    if (leases instanceof Failure) return leases;
    try {
      return await removeLeased(room, target, name, condition);
    } finally {
      leases.release();
    }
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT" || errno === "ENOTDIR") return new Failure("notFound", name);
    return failureIn(room, error, `remove ${name}`);
  } finally {
    await targets.close();
  }
}

async function removeLeased(
  room: DraftRoom,
  target: Target,
  name: string,
  condition: Condition | undefined,
): Promise<Stored | Failure> {
  const current = await lookAt(target, room.system);
  if (current instanceof Failure) return current;
  try {
    const refusal = condition?.(current) ?? null;
    if (refusal !== null) return refusal;
    if (current === null) return new Failure("notFound", name);
    const sha256 = await keptFor(room, current);
    await takeAway(room, target);
    await forgetBeside(room, [...target.parents, target.leaf].join("/"));
    const { size: bytes, etag, mtimeMs } = current;
    return { name, created: false, written: false, bytes, sha256, etag, mtimeMs };
  } finally {
    current?.release();
  }
}

async function takeAway(room: DraftRoom, { folder, leaf }: Target): Promise<void> {
  const { system, root, options } = room;
  const gone = `${ownName()}.gone`;
  await system.rename(folder.at(leaf), root.at(gone));
  try {
    if (options.durability === "fsync") await folder.sync();
  } catch (error) {
    // Linked, not renamed: nothing that came meanwhile is written over.
    await system.link(root.at(gone), folder.at(leaf));
    await removeQuietly(room, gone);
    throw error;
  }
  await removeQuietly(room, gone);
}
