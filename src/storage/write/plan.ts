// What is to happen to one draft: asked for by its wish, decided by what has the name now.
import { constants } from "node:fs";
import { Failure } from "../../base/failure.ts";
import { errnoOf } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";
import { NO_DESCRIPTOR, OpenFile } from "../open-file.ts";
import type { StoreDraft } from "./draft.ts";
import type { SealedState } from "./sealed.ts";
import { isEqual } from "./equal.ts";
import { numbered } from "./names.ts";
import type { Placing } from "./options.ts";
import type { Target } from "./target.ts";

/** A wish whose folder is open. */
export interface Wish {
  readonly draft: StoreDraft;
  readonly sealed: SealedState;
  readonly target: Target;
  readonly how: Placing["how"];
  readonly condition: Placing["condition"];
}

export interface Plan {
  readonly wish: Wish;
  /** The name it gets in its folder. */
  readonly leaf: string;
  /** "link": the name is free. "keep": what has it is equal. */
  readonly act: "link" | "replace" | "keep";
  /** What has the name now, and what it is known by; open no more. */
  readonly current: OpenFile | null;
}

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;
const NUMBER_MAX = 2 ** 24;

/**
 * `isFirst`: nothing was looked at yet, and for a name that is most likely free nothing needs to:
 * the link tells. `taken`: names that are given already, as `nameKey`.
 */
export async function planFor(
  wish: Wish,
  isFirst: boolean,
  taken: Set<string>,
  system: FileSystem,
): Promise<Plan | Failure> {
  const { target, how, condition } = wish;
  if (how === "rename" && condition === undefined) {
    const leaf = isFirst ? target.leaf : await freeName(wish, taken);
    if (leaf === null) return new Failure("nameTaken", `${target.leaf}, and every number`);
    return { wish, leaf, act: "link", current: null };
  }
  if (taken.has(nameKey(target, target.leaf))) {
    return new Failure("nameTaken", `${target.leaf}: twice at once`);
  }
  if (isFirst && how !== "replace" && condition === undefined) {
    return { wish, leaf: target.leaf, act: "link", current: null };
  }
  const current = await currentFor(wish, system);
  if (current instanceof Failure) return current;
  try {
    const refusal = condition?.(current) ?? null;
    return refusal ?? (await decide(wish, current, taken, system));
  } finally {
    current?.release();
  }
}

async function decide(
  wish: Wish,
  current: OpenFile | null,
  taken: Set<string>,
  system: FileSystem,
): Promise<Plan | Failure> {
  const { target, how, draft } = wish;
  const plan = { wish, leaf: target.leaf, current };
  if (current === null) return { ...plan, act: "link" };
  if (how === "replace") return { ...plan, act: "replace" };
  if (how === "rename") {
    const leaf = await freeName(wish, taken);
    if (leaf !== null) return { wish, leaf, act: "link", current: null };
  }
  if (how === "same" && (await isEqual(draft, wish.sealed, current, system))) {
    return { ...plan, act: "keep" };
  }
  return new Failure("nameTaken", target.leaf);
}

// Who asks no condition, and compares nothing, needs it not opened: two ways to the pool less.
async function currentFor(
  { target, how, condition, draft }: Wish,
  system: FileSystem,
): Promise<OpenFile | Failure | null> {
  if (how !== "replace" || condition !== undefined) return lookAt(target, system);
  const { folder, leaf } = target;
  const stats = await draft.room.prompt.lookAt(folder.at(leaf));
  if (stats === undefined) return null;
  if (!stats.isFile()) return new Failure("nameTaken", `${leaf} is no file`);
  return new OpenFile(NO_DESCRIPTOR, `${folder.path}/${leaf}`, stats, null);
}

/** What has the name, retained; null: nothing. What is no file can't be written over. */
export async function lookAt(
  { folder, leaf }: Target,
  system: FileSystem,
): Promise<OpenFile | Failure | null> {
  let fd: number;
  try {
    fd = await system.open(folder.at(leaf), FLAGS);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "ENOENT") return null;
    if (errno === "ENXIO" || errno === "ELOOP")
      return new Failure("nameTaken", `${leaf}: ${errno}`);
    throw error;
  }
  let stats;
  try {
    stats = system.fstatSync(fd);
  } catch (error) {
    await system.close(fd);
    throw error;
  }
  if (stats.isFile()) {
    return new OpenFile(fd, `${folder.path}/${leaf}`, stats, null, (one) => {
      void system.close(one).catch(() => undefined);
    });
  }
  await system.close(fd);
  return new Failure("nameTaken", `${leaf} is no file`);
}

/** By what names of all folders are told apart. */
export function nameKey({ folder }: Target, leaf: string): string {
  return `${folder.key}/${leaf}`;
}

/**
 * The name itself or the next number that is free: by doubling and then halving, so that the
 * thousandth file of a name asks twenty times. What is free may be taken before it is linked.
 */
async function freeName({ target, draft }: Wish, taken: Set<string>): Promise<string | null> {
  const { folder, leaf } = target;
  const { prompt } = draft.room;
  const isFree = async (number: number): Promise<boolean> => {
    const name = number === 0 ? leaf : numbered(leaf, number);
    if (taken.has(nameKey(target, name))) return false;
    return (await prompt.lookAt(folder.at(name))) === undefined;
  };
  if (await isFree(0)) return leaf;
  let used = 0;
  let free = 1;
  while (!(await isFree(free))) {
    if (free >= NUMBER_MAX) return null;
    [used, free] = [free, free * 2];
  }
  while (free - used > 1) {
    const middle = Math.floor((used + free) / 2);
    if (await isFree(middle)) free = middle;
    else used = middle;
  }
  return numbered(leaf, free);
}
