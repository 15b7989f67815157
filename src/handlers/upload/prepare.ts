// Before a route takes uploads: its folder is there and can be written to, what a crash left in it
// is seen to, and pictures can be decoded if it wants smaller ones.
import { folderComplaint } from "../../http/incoming/index.ts";
import type { Stores } from "../../storage/index.ts";
import type { UploadOptions } from "./options.ts";
import { sharpComplaint } from "./pictures/index.ts";
import { rulesOf } from "./upload-folder.ts";

/** What is in the way of a route with these options, in words, or null. */
export async function prepareFolder(
  options: UploadOptions,
  stores: Stores,
): Promise<string | null> {
  try {
    await stores.open(rulesOf(options));
  } catch (error) {
    return folderComplaint(options.to, error);
  }
  return (options.images?.thumbnails.length ?? 0) > 0 ? sharpComplaint() : null;
}
