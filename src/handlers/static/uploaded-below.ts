// Which paths of a static folder strangers uploaded: a route may serve the folder that another
// stores in, or one around it.
import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";

/**
 * The starts of paths below `root` that lie in one of `uploadFolders`; "" where all of it does. A
 * folder that is reached by a link inside `root` is not seen.
 */
export function uploadedBelow(root: string, uploadFolders: readonly string[]): string[] {
  const top = real(root) + sep;
  return uploadFolders.flatMap((folder) => {
    const uploads = real(folder) + sep;
    if (top.startsWith(uploads)) return [""];
    return uploads.startsWith(top) ? [uploads.slice(top.length)] : [];
  });
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // it is not there yet: so no link either
  }
}
