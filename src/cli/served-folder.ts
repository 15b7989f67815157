// `portico serve DIR`: whether DIR is a folder, and what was likely meant when it is not.
import { access, constants, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "../config/index.ts";
import { UsageError } from "./exit-code.ts";

/** Throws a UsageError, in words, unless `folder` is one that may be looked into. */
export async function expectFolder(folder: string): Promise<void> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(folder)).isDirectory();
    if (isFolder) await access(folder, constants.X_OK);
  } catch (error) {
    throw new UsageError(await unseen(folder, (error as NodeJS.ErrnoException).code ?? ""));
  }
  if (!isFolder) throw new UsageError(notAFolder(folder));
}

async function unseen(folder: string, code: string): Promise<string> {
  const name = JSON.stringify(folder);
  if (code === "EACCES") return `the folder ${name} may not be looked into by this user`;
  if (code !== "ENOENT" && code !== "ENOTDIR") return `${name} can't be served (${code})`;
  const meant = await nearestFolder(folder);
  return `there is no folder ${name}${meant === null ? "" : `; did you mean ${meant}?`}`;
}

async function nearestFolder(folder: string): Promise<string | null> {
  const parent = dirname(folder);
  try {
    const entries = await readdir(parent, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const meant = nearest(basename(folder), names);
    return meant === null ? null : JSON.stringify(join(parent, meant));
  } catch {
    return null; // no parent to look into: nothing to suggest, and the message says enough
  }
}

function notAFolder(file: string): string {
  const instead = file.endsWith(".toml")
    ? `\`portico serve -c ${file}\` serves what a config says`
    : `\`portico serve ${dirname(file)}\` serves the folder that it is in`;
  return `${JSON.stringify(file)} is a file, not a folder; ${instead}`;
}
