// The folders of a store: the one that is written to, the server's own in it, and drafts in that,
// so that all are on one file system, where a file can be given a name without being copied.
import type { FileSystem } from "../file-system.ts";
import type { StoreDraft } from "./draft.ts";
import { Folder } from "./folder.ts";
import { OWN_FOLDER } from "./names.ts";
import { errnoOf } from "../failures.ts";
import type { StoreOptions } from "./options.ts";
import type { PlaceRoom } from "./place.ts";

const DRAFTS = "drafts";

/** Opens them, and makes those that are missing. Throws as the system does. */
export async function openRoom(
  options: StoreOptions,
  system: FileSystem,
  onEnd: (draft: StoreDraft) => void,
): Promise<PlaceRoom> {
  await makeFolders(options.folder, system);
  const opened: Folder[] = [];
  const isDurable = options.durability === "fsync";
  try {
    const path = await system.realpath(options.folder);
    const root = await Folder.open(path, system);
    opened.push(root);
    const own = await root.make(OWN_FOLDER, 0o700, isDurable);
    opened.push(own);
    const drafts = await own.make(DRAFTS, 0o700, isDurable);
    return { root, own, drafts, system, options, onEnd };
  } catch (error) {
    for (const folder of opened) await folder.close();
    throw error;
  }
}

async function makeFolders(path: string, system: FileSystem): Promise<void> {
  try {
    await system.mkdir(path, 0o755);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EEXIST") return;
    const above = path.slice(0, path.lastIndexOf("/"));
    if (errno !== "ENOENT" || above === "") throw error;
    await makeFolders(above, system);
    await system.mkdir(path, 0o755).catch((again: unknown) => {
      if (errnoOf(again) !== "EEXIST") throw again;
    });
  }
}
