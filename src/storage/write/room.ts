// The folder of a store, open. What the server needs there for itself lies in it under dot names,
// so that all is on one file system, where a file can be given a name without being copied, and
// nothing is left to be seen when nothing is under way.
import type { FileSystem } from "../file-system.ts";
import type { StoreDraft } from "./draft.ts";
import { LocalDevices } from "../local-devices.ts";
import { Folder } from "./folder.ts";
import { errnoOf } from "../failures.ts";
import type { StoreOptions } from "./options.ts";
import { PromptFiles } from "./prompt-files.ts";
import { FreeSpace } from "./reservation.ts";
import type { DraftRoom } from "./draft-room.ts";

/** Opens it, and makes it where it is missing. Throws as the system does. */
export async function openRoom(
  options: StoreOptions,
  system: FileSystem,
  onEnd: (draft: StoreDraft) => void,
): Promise<DraftRoom> {
  await makeFolders(options.folder, options.durability === "fsync", system);
  const root = await Folder.open(await system.realpath(options.folder), system);
  try {
    const { dev } = system.fstatSync(root.fd);
    const isLocal = await new LocalDevices(system).has(dev, root.at("."));
    const namesToo = options.durability === "none";
    const prompt = new PromptFiles(system, { isLocal, namesToo });
    const free = new FreeSpace(root.at("."), options, system);
    return { root, isLocal, system, prompt, free, options, onEnd };
  } catch (error) {
    await root.close();
    throw error;
  }
}

/** Each that is made is on the disk in the one above it before anything is stored in it. */
async function makeFolders(path: string, isDurable: boolean, system: FileSystem): Promise<void> {
  const above = path.slice(0, path.lastIndexOf("/"));
  try {
    await system.mkdir(path, 0o755);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EEXIST") return;
    if (errno !== "ENOENT" || above === "") throw error;
    await makeFolders(above, isDurable, system);
    await system.mkdir(path, 0o755).catch((again: unknown) => {
      if (errnoOf(again) !== "EEXIST") throw again;
    });
  }
  if (isDurable) await syncFolder(above === "" ? "/" : above, system);
}

async function syncFolder(path: string, system: FileSystem): Promise<void> {
  const folder = await Folder.open(path, system);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
