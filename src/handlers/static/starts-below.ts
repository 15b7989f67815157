// Which paths of a static folder are another route's, too: a folder that it stores uploads in, or
// runs scripts of.
import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";

/**
 * The starts of paths below `root` that lie in one of `folders`; "" where all of it does. A
 * folder that is reached by a link inside `root` is not seen.
 */
export function startsBelow(root: string, folders: readonly string[]): string[] {
  const top = real(root) + sep;
  return folders.flatMap((folder) => {
    const own = real(folder) + sep;
    if (top.startsWith(own)) return [""];
    return own.startsWith(top) ? [own.slice(top.length)] : [];
  });
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // it is not there yet: so no link either
  }
}
