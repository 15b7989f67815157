// Which paths of a static folder another route runs: sources, that are not sent.
import { isClaimed } from "../../http/claims.ts";
import type { ScriptFolder } from "../../http/room.ts";
import { startsBelow } from "./starts-below.ts";

export interface ScriptsBelow {
  /** Of their paths. */
  readonly start: string;
  /** Of their names; null: any. */
  readonly suffixes: readonly string[] | null;
  /** It is that one file, with a slash behind it. */
  readonly isFile: boolean;
}

/**
 * The scripts of `folders` that lie below `root`. Where they may have any name, and `root` is their
 * folder or lies in it, there are none: who says so means it.
 */
export function scriptsBelow(root: string, folders: readonly ScriptFolder[]): ScriptsBelow[] {
  return folders.flatMap(({ folder, suffixes, isFile = false }) =>
    startsBelow(root, [folder])
      .filter((start) => suffixes !== null || start !== "")
      .map((start) => ({ start, suffixes, isFile })),
  );
}

export function areScripts(path: string, scripts: readonly ScriptsBelow[]): boolean {
  return scripts.some(
    ({ start, suffixes, isFile }) =>
      (isFile ? `${path}/` === start : path.startsWith(start)) &&
      (suffixes === null || isClaimed(path, suffixes)),
  );
}
