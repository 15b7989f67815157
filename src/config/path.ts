// Paths in a config: relative to the config file's folder, so that a config means the same wherever
// it is loaded from. What must be there is looked at once, here; who uses it opens it with care of
// their own.
import { accessSync, constants, readdirSync, statSync, type Stats } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { nearest } from "./nearest.ts";
import { Wrong } from "./problem.ts";
import type { PathKind } from "./shape.ts";

const NEIGHBOURS_MAX = 1000;

/** Where relative paths start, and what it is called. */
export interface BaseFolder {
  readonly path: string;
  readonly called: string;
}

interface PathShape {
  readonly of: PathKind;
  readonly exists: boolean;
}

/** The absolute path, or what is wrong with what is there. */
export function resolvePath({ of, exists }: PathShape, written: string, folder: BaseFolder) {
  if (written === "") return new Wrong("the path is empty", `${folder.called} is "."`);
  if (written.includes("\0")) return new Wrong("a path can't hold NUL");
  const path = resolve(folder.path, written);
  const found = look(path);
  if (typeof found === "string") {
    const absent = found === "ENOENT" || found === "ENOTDIR";
    if (absent && !exists) return path;
    return absent ? missing(of, written, path, folder) : unreachable(written, path, found);
  }
  const is = found.isDirectory() ? "folder" : found.isFile() ? "file" : "device, pipe or socket";
  const fits = of === "output" ? is !== "folder" : of === "any" || of === is;
  if (!fits) {
    const wanted = `this is a ${pathNoun(of)}'s path`;
    return new Wrong(`${JSON.stringify(written)} is a ${is}; ${wanted} (${path})`);
  }
  const denied = exists ? denialOf(path, is === "folder") : null;
  if (denied === null) return path;
  const verb = is === "folder" ? "look into" : "read";
  return new Wrong(`this user may not ${verb} ${JSON.stringify(written)} (${path}: ${denied})`);
}

/** Why what is only read can't be: access(2) asks for whoever runs this. */
function denialOf(path: string, isFolder: boolean): string | null {
  try {
    accessSync(path, isFolder ? constants.X_OK : constants.R_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}

/** What a path of that kind leads to, in words. */
export function pathNoun(of: PathKind): string {
  if (of === "any") return "file or folder";
  return of === "output" ? "file" : of;
}

/** What is at `path`, or the code of why that can't be told. */
function look(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code;
  }
}

function missing(of: PathKind, written: string, path: string, folder: BaseFolder): Wrong {
  const noun = pathNoun(of);
  const near = nearest(basename(path), neighbours(dirname(path)));
  const hint =
    near === null
      ? `make it, or name another; paths are relative to ${folder.called}`
      : `did you mean ${JSON.stringify(written.replace(/[^/]+\/*$/, near))}?`;
  return new Wrong(`there is no ${noun} ${JSON.stringify(written)}: looked for ${path}`, hint);
}

function neighbours(folder: string): string[] {
  try {
    return readdirSync(folder).slice(0, NEIGHBOURS_MAX);
  } catch (error) {
    // They would only have made a suggestion.
    if ((error as NodeJS.ErrnoException).code !== undefined) return [];
    throw error;
  }
}

function unreachable(written: string, path: string, code: string): Wrong {
  const why: Readonly<Record<string, string>> = {
    EACCES: "this user may not look there",
    EPERM: "this user may not look there",
    ELOOP: "its symbolic links go in a circle",
    ENAMETOOLONG: "its name is too long",
  };
  return new Wrong(`${JSON.stringify(written)}: ${why[code] ?? code} (${path})`);
}
