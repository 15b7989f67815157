// Before a route takes uploads: its folder is there and can be written to, what a crash left in it
// is seen to, and pictures can be decoded if it wants smaller ones.
import type { Stores } from "../../storage/index.ts";
import type { UploadOptions } from "./options.ts";
import { sharpComplaint } from "./pictures/index.ts";
import { storeRules } from "./upload-folder.ts";

/** What is in the way of a route with these options, in words, or null. */
export async function prepareFolder(
  options: UploadOptions,
  stores: Stores,
): Promise<string | null> {
  try {
    await stores.open(storeRules(options));
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return `uploads can't be stored in ${options.to}: ${code === "" ? message : code}`;
  }
  return (options.images?.thumbnails.length ?? 0) > 0 ? sharpComplaint() : null;
}
