// Programs by their names, as a shell would find them.
import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/** PATH for programs: the server's own, else what systems have. */
export const PROGRAM_PATH =
  process.env["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The first executable file of that name on `path`, absolute; an absolute name as it is, if it is
 * one. Null: there is none. What has a `/` and is not absolute is none.
 */
export function findProgram(name: string, path: string = PROGRAM_PATH): string | null {
  if (isAbsolute(name)) return isProgram(name) ? name : null;
  if (name === "" || name.includes("/")) return null;
  // Not by the current folder, which an empty entry means to a shell.
  const files = path
    .split(":")
    .filter(isAbsolute)
    .map((folder) => join(folder, name));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not for us
  }
}
