// Where drafts are, and what is done there.
import { errnoOf } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";
import type { StoreDraft } from "./draft.ts";
import type { Folder } from "./folder.ts";
import type { StoreOptions } from "./options.ts";
import type { PromptFiles } from "./prompt-files.ts";
import type { FreeSpace } from "./reservation.ts";

/** What a draft needs of its store. */
export interface DraftRoom {
  /** The folder that is written to. */
  readonly root: Folder;
  /** On a file system of this machine: what the kernel has in memory is not waited for. */
  readonly isLocal: boolean;
  readonly system: FileSystem;
  readonly prompt: PromptFiles;
  readonly free: FreeSpace;
  readonly options: StoreOptions;
  /** The draft is no more the store's to drop. */
  onEnd(draft: StoreDraft): void;
}

/** Takes a draft's name away; what stays is swept at the next start. */
export async function removeQuietly(
  { root, prompt, options }: DraftRoom,
  name: string,
): Promise<void> {
  try {
    await prompt.unlinkName(root.at(name));
  } catch (error) {
    if (errnoOf(error) !== "ENOENT")
      options.log.warn(`${root.path}/${name} stays: ${String(error)}`);
  }
}
