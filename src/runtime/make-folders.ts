// `mkdir -p`. Not Node's own `recursive`, which never returns where the kernel answers ENOENT for a
// folder whose parent exists, as everywhere below /proc.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes `folder` and what is missing above it. Throws the system's error where that cannot be. */
export function makeFolders(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return; // a file of that name is found out by whoever looks into it
    const parent = dirname(folder);
    if (code !== "ENOENT" || parent === folder) throw error;
    makeFolders(parent);
    makeAgain(folder, mode);
  }
}

function makeAgain(folder: string, mode: number): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
