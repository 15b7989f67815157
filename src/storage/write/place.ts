// Puts sealed drafts under their names, all or none:
//
//   leases → plans, conditions asked → journal, if several → names → fsync of the folders → done
//
// What fails takes back what went before it. What a crash leaves half done, the next start does.
import { Failure } from "../../base/failure.ts";
import { writeFailureOf } from "../failures.ts";
import { etagOf } from "../open-file.ts";
import type { StoreDraft } from "./draft.ts";
import type { DraftRoom } from "./draft-room.ts";
import { Journal } from "./journal.ts";
import { takeLeases } from "./leases.ts";
import type { Placing, Stored } from "./options.ts";
import { nameKey, planFor, type Plan, type Wish } from "./plan.ts";
import { carryOut, finish, takeBack, type Followed } from "./step.ts";
import { Targets } from "./target.ts";

/** How often others may be quicker before they have won. */
const ATTEMPTS_MAX = 16;

/** Drafts that were not placed are neither dropped here nor settled. */
export async function placeAll(
  room: DraftRoom,
  placings: readonly Placing[],
): Promise<readonly Plan[] | Failure> {
  const { options, system } = room;
  const isDurable = options.durability === "fsync";
  const targets = new Targets(room.root, options.mode, isDurable, system);
  try {
    const wishes = await wishesOf(placings, targets, room);
    if (wishes instanceof Failure) return await refused(wishes, targets);
    const outcome = await attempt(room, wishes);
    return outcome instanceof Failure ? await refused(outcome, targets) : outcome;
  } catch (error) {
    return await refused(failureIn(room, error, "place"), targets);
  } finally {
    await targets.close();
  }
}

/** What the writer is told of what was placed. */
export function storedOf({ wish, leaf, act, current }: Plan): Stored {
  const { sealed, target } = wish;
  const name = [...target.parents, leaf].join("/");
  const { bytes, sha256, stats } = sealed;
  if (act === "keep") {
    const { etag, mtimeMs } = current!;
    return { name, created: false, written: false, bytes, sha256, etag, mtimeMs };
  }
  const etag = etagOf(stats);
  const mtimeMs = Number(stats.mtimeMs);
  return { name, created: act === "link", written: true, bytes, sha256, etag, mtimeMs };
}

/** A failure of the system's. */
export function failureIn({ options }: DraftRoom, error: unknown, doing: string): Failure {
  return writeFailureOf(error, `${options.folder}: ${doing}`, options.log);
}

async function refused(failure: Failure, targets: Targets): Promise<Failure> {
  await targets.unmake();
  return failure;
}

async function wishesOf(
  placings: readonly Placing[],
  targets: Targets,
  { options }: DraftRoom,
): Promise<Wish[] | Failure> {
  const wishes: Wish[] = [];
  for (const { draft: given, name, how, condition } of placings) {
    const draft = given as StoreDraft;
    if (draft.sealed === null) throw new Error(`${draft.path} is not sealed`);
    const target = await targets.find(name, options.names ?? "safe", "make");
    if (target instanceof Failure) return target;
    wishes.push({ draft, sealed: draft.sealed, target, how, condition });
  }
  return wishes;
}

// One name that is only linked needs no lease: of two links one fails. Where it is taken, those who
// look for the next number stand in line. Of several that may be taken back, nobody may take one
// meanwhile.
async function attempt(room: DraftRoom, wishes: readonly Wish[]): Promise<Plan[] | Failure> {
  const [first] = wishes;
  const isPlain = wishes.length === 1 && first!.condition === undefined && first!.how !== "replace";
  if (isPlain) {
    const plans = await tryOnce(room, wishes, true);
    if (plans !== "again") return plans;
  }
  const names = wishes.map(({ target }) => nameKey(target, target.leaf));
  const leases = await takeLeases(names, room.options.locks);
  if (leases instanceof Failure) return leases;
  try {
    return await tryOften(room, wishes);
  } finally {
    leases.release();
  }
}

async function tryOften(room: DraftRoom, wishes: readonly Wish[]): Promise<Plan[] | Failure> {
  for (let round = 0; round < ATTEMPTS_MAX; round += 1) {
    const plans = await tryOnce(room, wishes, false);
    if (plans !== "again") return plans;
  }
  return new Failure("busy", "others were quicker, again and again");
}

/** `isFirst`: see `planFor`. */
async function tryOnce(
  room: DraftRoom,
  wishes: readonly Wish[],
  isFirst: boolean,
): Promise<Plan[] | Failure | "again"> {
  const plans = await plansFor(room, wishes, isFirst);
  if (plans instanceof Failure) return plans;
  const outcome = await carryOutAll(room, plans);
  return outcome === "done" ? plans : outcome;
}
async function plansFor(
  { system }: DraftRoom,
  wishes: readonly Wish[],
  isFirst: boolean,
): Promise<Plan[] | Failure> {
  const plans: Plan[] = [];
  const taken = new Set<string>();
  for (const wish of wishes) {
    const plan = await planFor(wish, isFirst, taken, system);
    if (plan instanceof Failure) return plan;
    taken.add(nameKey(wish.target, plan.leaf));
    plans.push(plan);
  }
  return plans;
}

async function carryOutAll(
  room: DraftRoom,
  plans: readonly Plan[],
): Promise<"done" | "again" | Failure> {
  const single = room.options.durability === "fsync" ? "one" : "last";
  const followed: Followed = plans.length > 1 ? "several" : single;
  const done: Plan[] = [];
  let journal: Journal | null = null;
  let outcome: "done" | "again" | Failure = "done";
  try {
    if (plans.length > 1) journal = await Journal.write(room, plans);
    for (const plan of plans) {
      outcome = await carryOut(plan, followed, room.system);
      if (outcome === "again") break;
      done.push(plan);
    }
    if (outcome === "done") await syncFolders(room, plans);
  } catch (error) {
    outcome = failureIn(room, error, "place");
  }
  if (outcome !== "done") return (await undoAll(room, plans, done, journal)) ?? outcome;
  if (journal !== null) await forget(room, journal);
  for (const plan of plans) await finish(plan, followed);
  return "done";
}

// All is on the disk: a journal that stays tells the next start of what it finds done.
async function forget({ options }: DraftRoom, journal: Journal): Promise<void> {
  try {
    await journal.remove();
  } catch (error) {
    options.log.warn(`${options.folder}: a journal stays: ${String(error)}`);
  }
}

/**
 * Where that fails, too, the journal stays with its drafts: the next start does all of it, so that
 * it is never half of it.
 */
async function undoAll(
  room: DraftRoom,
  plans: readonly Plan[],
  done: readonly Plan[],
  journal: Journal | null,
): Promise<Failure | null> {
  try {
    for (const plan of done.toReversed()) await takeBack(plan, room.system);
    await syncFolders(room, done);
    await journal?.remove();
    return null;
  } catch (error) {
    const failure = failureIn(room, error, "taking back what was placed");
    if (journal?.isThere === true) for (const { wish } of plans) await wish.draft.abandon();
    return failure;
  }
}

async function syncFolders({ options }: DraftRoom, plans: readonly Plan[]): Promise<void> {
  if (options.durability === "none") return;
  const changed = plans.filter(({ act }) => act !== "keep");
  for (const folder of new Set(changed.map(({ wish }) => wish.target.folder))) await folder.sync();
}
