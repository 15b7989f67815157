// From a decoded path to names on the disk. Whatever could leave the folder, or is hidden in it, is
// not there: the answer is the same as for a name that does not exist.
import { Failure } from "../base/failure.ts";

const NAME_BYTES_MAX = 255;

/**
 * The names that `path` is made of: relative to a root, "/"-separated, without a leading slash. One
 * final slash asks for a folder and leaves an empty last name. `notFound` for NUL, dot segments,
 * empty names, names over 255 bytes, hidden names (".well-known" excepted) and encoded slashes.
 */
export function segmentsOf(path: string): string[] | Failure<"notFound"> {
  if (path === "") return [];
  const names = path.split("/");
  const inner = names.at(-1) === "" ? names.slice(0, -1) : names;
  return inner.every(isName) ? names : new Failure("notFound", path);
}

/** Whether a file of that name is served at all. */
export function isName(name: string): boolean {
  if (name === "" || name.includes("\0") || name.includes("%2F") || name.includes("%2f")) {
    return false;
  }
  if (name[0] === "." && name !== ".well-known") return false;
  return Buffer.byteLength(name) <= NAME_BYTES_MAX;
}
