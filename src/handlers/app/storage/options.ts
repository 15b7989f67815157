// Where an app's files are kept, as a config says it. The keys are those of an upload route, and
// mean the same.
import { oneOf, optional, size, table, type Infer } from "../../../config/index.ts";
import { folderComplaint, folderKeys, storeRules } from "../../../http/incoming/index.ts";
import type { StoreRules, Stores } from "../../../storage/index.ts";

const given = table(
  {
    to: folderKeys.to,
    fileBytes: optional(
      size({ doc: "What a file may have at most; beyond it 413.", min: 1, example: "100 MiB" }),
    ),
    accept: folderKeys.accept,
    onConflict: oneOf(["rename", "replace", "reject", "same"], {
      doc:
        "Where there is a file of that name: `rename` finds the next free name, `replace` takes " +
        "its place, `reject` is 409, `same` is 409 unless the bytes are equal. `put` may say " +
        "another.",
      fallback: "rename",
    }),
    quota: folderKeys.quota,
    freeBytes: folderKeys.freeBytes,
    durability: folderKeys.durability,
    mode: folderKeys.mode,
  },
  { doc: "What `context.storage` keeps files in. Without it an app has no storage." },
);

/** For the options of a route. */
export const storage = optional(given);

export type StorageOptions = Infer<typeof given>;

/** How the folder is written to. The digest is always made: whoever stores a file is told it. */
export function rulesOf(options: StorageOptions): StoreRules {
  return storeRules(options, true);
}

/** What is in the way of storing files there, in words, or null. */
export async function prepareStorage(
  options: StorageOptions | undefined,
  stores: Stores,
): Promise<string | null> {
  if (options === undefined) return null;
  try {
    await stores.open(rulesOf(options));
    return null;
  } catch (error) {
    return folderComplaint(options.to, error);
  }
}
