// What is about to be placed together, written down before the first name changes: a start that
// finds it goes on where a crash stopped. A journal that is not whole was never begun on.
import { constants } from "node:fs";
import { Failure } from "../../base/failure.ts";
import { errnoOf } from "../failures.ts";
import { removeQuietly } from "./draft-room.ts";
import { OWN } from "./names.ts";
import { isAbandoned, ownName } from "./owner.ts";
import type { DraftRoom } from "./draft-room.ts";

import type { Plan } from "./plan.ts";
import { renameCopy } from "./step.ts";
import { Targets } from "./target.ts";

const END = ".journal";
const BYTES_MAX = 16 * 1024 * 1024;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface Entry {
  readonly draft: string;
  /** Folders and name, below the root. */
  readonly name: readonly string[];
  /** The inode that had the name; null: none. */
  readonly before: string | null;
}

export class Journal {
  /** Whether a start would find it. */
  isThere = false;
  readonly #room: DraftRoom;
  readonly #name: string;

  private constructor(room: DraftRoom, name: string) {
    this.#room = room;
    this.#name = name;
  }

  /** Throws as the system does; then there is none. */
  static async write(room: DraftRoom, plans: readonly Plan[]): Promise<Journal> {
    const entries: Entry[] = plans
      .filter(({ act }) => act !== "keep")
      .map(({ wish, leaf, current }) => ({
        draft: wish.draft.name,
        name: [...wish.target.parents, leaf],
        before: current === null ? null : String(current.inode),
      }));
    const journal = new Journal(room, ownName() + END);
    try {
      await journal.#write(Buffer.from(`${JSON.stringify(entries)}\n`));
    } catch (error) {
      await room.system.unlink(room.root.at(journal.#name)).catch(() => undefined);
      throw error;
    }
    return journal;
  }

  /** Throws as the system does. */
  async remove(): Promise<void> {
    if (!this.isThere) return;
    await this.#room.system.unlink(this.#room.root.at(this.#name));
    this.isThere = false;
    if (this.#room.options.durability === "fsync") await this.#room.root.sync();
  }

  async #write(text: Uint8Array): Promise<void> {
    const { system, root, options } = this.#room;
    const fd = await system.open(root.at(this.#name), WRITE, 0o600);
    try {
      for (let at = 0; at < text.length;) {
        at += await system.write(fd, text, at, text.length - at, at);
      }
      if (options.durability === "fsync") await system.fsync(fd);
    } finally {
      await system.close(fd);
    }
    if (options.durability === "fsync") await root.sync();
    this.isThere = true;
  }
}

/** Does what processes that are gone had begun. */
export async function rollForward(room: DraftRoom): Promise<void> {
  const { system, root, options, isLocal } = room;
  for (const name of await system.readdir(root.at("."))) {
    if (!isJournal(name)) continue;
    try {
      const { mtimeMs } = await system.lstat(root.at(name));
      if (!isAbandoned(name, options.clock.nowMs() - Number(mtimeMs), isLocal)) continue;
      await rollOne(room, entriesIn(await textOf(room, name)));
      await system.unlink(root.at(name));
    } catch (error) {
      // Its drafts are swept with it, or stay with it: it is left to the next start.
      options.log.error(`${root.path}/${name} can't be rolled forward`, error);
    }
  }
}

export function isJournal(name: string): boolean {
  return name.startsWith(OWN) && name.endsWith(END);
}

/** The drafts that a journal still speaks of. */
export async function draftsInJournals(room: DraftRoom): Promise<Set<string>> {
  const drafts = new Set<string>();
  for (const name of await room.system.readdir(room.root.at("."))) {
    if (!isJournal(name)) continue;
    for (const { draft } of entriesIn(await textOf(room, name))) drafts.add(draft);
  }
  return drafts;
}

async function rollOne(room: DraftRoom, entries: readonly Entry[]): Promise<void> {
  const { options, system } = room;
  const targets = new Targets(room.root, options.mode, options.durability === "fsync", system);
  try {
    for (const entry of entries) await placeEntry(room, entry, targets);
    for (const { draft } of entries) await removeQuietly(room, draft);
  } finally {
    await targets.close();
  }
}

async function placeEntry(room: DraftRoom, entry: Entry, targets: Targets): Promise<void> {
  const { system, root, options } = room;
  const draft = await inodeOf(room, root.at(entry.draft));
  if (draft === null) return; // it was placed, and finished
  const target = await targets.find(entry.name.join("/"), "any", "make");
  if (target instanceof Failure) throw new Error(`no name: ${JSON.stringify(entry.name)}`);
  const to = target.folder.at(target.leaf);
  const there = await inodeOf(room, to);
  if (there !== draft && there !== entry.before) {
    options.log.warn(`${entry.name.join("/")} was written since: what was begun there is dropped`);
    return;
  }
  if (there === null) await system.link(root.at(entry.draft), to);
  else if (there !== draft) {
    const between = `${entry.draft}.new`;
    await removeQuietly(room, between); // the crash may have come behind its link
    await renameCopy(root.at(entry.draft), root.at(between), to, system);
  }
  if (options.durability === "fsync") await target.folder.sync();
}

async function inodeOf({ system }: DraftRoom, path: string): Promise<string | null> {
  try {
    return String((await system.lstat(path)).ino);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw error;
  }
}

async function textOf({ system, root }: DraftRoom, name: string): Promise<string> {
  const fd = await system.open(root.at(name), READ);
  try {
    const size = Math.min(BYTES_MAX, Number(system.fstatSync(fd).size));
    const bytes = Buffer.alloc(size);
    let done = 0;
    while (done < size) {
      const got = await system.read(fd, bytes, done, size - done, done);
      if (got === 0) break;
      done += got;
    }
    return bytes.toString();
  } finally {
    await system.close(fd);
  }
}

/** None where the text is not whole. */
function entriesIn(text: string): Entry[] {
  if (!text.endsWith("]\n")) return [];
  try {
    return (JSON.parse(text) as Entry[]).filter(({ draft }) => !draft.includes("/"));
  } catch {
    return [];
  }
}
