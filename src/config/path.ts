// Paths in a config: relative to the config file's folder, so that a config means the same wherever
// it is loaded from. What must be there is looked at once, here; who uses it opens it with care of
// their own.
import { readdirSync, statSync, type Stats } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { nearest } from "./nearest.ts";
import { Wrong } from "./problem.ts";
import type { PathKind } from "./schema.ts";

const NEIGHBOURS_MAX = 1000;

interface PathShape {
  readonly of: PathKind;
  readonly exists: boolean;
}

/** The absolute path, or what is wrong with what is there. */
export function resolvePath({ of, exists }: PathShape, written: string, folder: string) {
  if (written === "") return new Wrong("the path is empty", 'the config file\'s folder is "."');
  if (written.includes("\0")) return new Wrong("a path can't hold NUL");
  const path = resolve(folder, written);
  const found = look(path);
  if (typeof found === "string") {
    const absent = found === "ENOENT" || found === "ENOTDIR";
    if (absent && !exists) return path;
    return absent ? missing(of, written, path) : unreachable(written, path, found);
  }
  const is = found.isDirectory() ? "folder" : found.isFile() ? "file" : "device, pipe or socket";
  if (of === "any" || of === is) return path;
  return new Wrong(`${JSON.stringify(written)} is a ${is}; this is a ${of}'s path (${path})`);
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

function missing(of: PathKind, written: string, path: string): Wrong {
  const noun = of === "any" ? "file or folder" : of;
  const near = nearest(basename(path), neighbours(dirname(path)));
  const hint =
    near === null
      ? `make it, or name another; paths are relative to the config file's folder`
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
