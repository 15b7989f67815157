// One plan carried out, so that it can be taken back until all of a request are:
//
//   link      the draft has a second name
//   replace   the old file has a second name among the drafts; the draft takes its place
//
// Which names of drafts are left tells what is still to be done.
import { errnoOf } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";
import type { StoreDraft } from "./draft.ts";
import { removeQuietly } from "./draft-room.ts";
import type { Plan } from "./plan.ts";

/** Somebody was quicker: what was planned is not how it is. */
export type Carried = "done" | "again";

const OLD = ".old";
const NEW = ".new";

/**
 * What may follow that fails, so that it has to be taken back. "several": other plans, or a crash,
 * for which the draft's own name stays until `finish`. "one": an fsync. "last": nothing.
 */
export type Followed = "several" | "one" | "last";

export async function carryOut(
  plan: Plan,
  followed: Followed,
  system: FileSystem,
): Promise<Carried> {
  if (plan.act === "keep") return "done";
  const { draft } = plan.wish;
  const [from, to] = [draftAt(draft, ""), leafAt(plan)];
  try {
    if (plan.act === "link") await draft.room.prompt.link(from, to);
    else await replace(plan, followed, system);
    return "done";
  } catch (error) {
    const errno = errnoOf(error);
    if (plan.act === "link" && errno === "EEXIST") return "again";
    if (plan.act === "replace" && errno === "ENOENT") return "again"; // what was there went
    throw error;
  }
}

async function replace(plan: Plan, followed: Followed, system: FileSystem): Promise<void> {
  const { draft } = plan.wish;
  const [own, old, to] = [draftAt(draft, ""), draftAt(draft, OLD), leafAt(plan)];
  if (followed === "last") return system.rename(own, to);
  await system.link(to, old);
  try {
    if (followed === "one") return await system.rename(own, to);
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
export async function finish(plan: Plan, followed: Followed): Promise<void> {
  const { act, wish } = plan;
  const { name, room } = wish.draft;
  if (act === "link" || (act === "replace" && followed === "several")) {
    await removeQuietly(room, name);
  }
  if (act === "replace" && followed !== "last") await removeQuietly(room, name + OLD);
}

function draftAt(draft: StoreDraft, end: string): string {
  return draft.room.root.at(draft.name + end);
}

function leafAt({ wish, leaf }: Plan): string {
  return wish.target.folder.at(leaf);
}
