// One plan carried out, so that it can be taken back until all of a request are:
//
//   link      the draft has a second name
//   replace   the old file has a second name among the drafts; the draft takes its place
//
// Which names are left in the folder of drafts tells what is still to be done.
import { errnoOf } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";
import type { StoreDraft } from "./draft.ts";
import { removeQuietly } from "./draft-room.ts";
import type { Plan } from "./plan.ts";

/** Somebody was quicker: what was planned is not how it is. */
export type Carried = "done" | "again";

const OLD = ".old";
const NEW = ".new";

/** `keepsName`: the draft's own name stays until `finish`, for who comes after a crash. */
export async function carryOut(
  plan: Plan,
  keepsName: boolean,
  system: FileSystem,
): Promise<Carried> {
  if (plan.act === "keep") return "done";
  const { draft } = plan.wish;
  const [from, to] = [draftAt(draft, ""), leafAt(plan)];
  try {
    if (plan.act === "link") await system.link(from, to);
    else await replace(draft, to, keepsName, system);
    return "done";
  } catch (error) {
    const errno = errnoOf(error);
    if (plan.act === "link" && errno === "EEXIST") return "again";
    if (plan.act === "replace" && errno === "ENOENT") return "again"; // what was there went
    throw error;
  }
}

async function replace(
  draft: StoreDraft,
  to: string,
  keepsName: boolean,
  system: FileSystem,
): Promise<void> {
  const [own, old] = [draftAt(draft, ""), draftAt(draft, OLD)];
  await system.link(to, old);
  try {
    if (!keepsName) return await system.rename(own, to);
    await renameCopy(own, draftAt(draft, NEW), to, system);
  } catch (error) {
    await removeQuietly(draft.room, draft.name + OLD);
    throw error;
  }
}

/** Puts `own` in the place of `to`, and lets it keep its name. */
export async function renameCopy(
  own: string,
  between: string,
  to: string,
  system: FileSystem,
): Promise<void> {
  await system.link(own, between);
  try {
    await system.rename(between, to);
  } catch (error) {
    await system.unlink(between).catch(() => undefined); // else swept
    throw error;
  }
}

/** Takes back what `carryOut` did. Throws as the system does. */
export async function takeBack(plan: Plan, system: FileSystem): Promise<void> {
  const { draft, sealed } = plan.wish;
  if (plan.act === "keep") return;
  const to = leafAt(plan);
  if (plan.act === "replace") return system.rename(draftAt(draft, OLD), to);
  const there = await system.lstat(to);
  // Who wrote another over it meanwhile was told that it is stored.
  if (there.ino === sealed.stats.ino && there.dev === sealed.stats.dev) await system.unlink(to);
}

/** All is durable: what was kept to take it back goes. */
export async function finish(plan: Plan, keepsName: boolean): Promise<void> {
  const { draft } = plan.wish;
  if (plan.act !== "replace" || keepsName) await removeQuietly(draft.room, draft.name);
  if (plan.act === "replace") await removeQuietly(draft.room, draft.name + OLD);
}

function draftAt(draft: StoreDraft, end: string): string {
  return draft.room.drafts.at(draft.name + end);
}

function leafAt({ wish, leaf }: Plan): string {
  return wish.target.folder.at(leaf);
}
