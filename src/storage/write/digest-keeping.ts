// SHA-256 of a file, kept with the file itself as an extended attribute, so that it goes where the
// file goes. It names the size and time of what it is the digest of: a file that was changed behind
// our back is not believed.
//
//   user.portico.sha256 = "SIZE MTIME_NS DIGEST_IN_HEX"
import type { FileSystem } from "../file-system.ts";

const ATTRIBUTE = "user.portico.sha256";

/** A file's state, as far as a digest is of it. */
export interface DigestedState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** Whether it could be kept. */
export async function keepDigest(
  path: string,
  state: DigestedState,
  digest: Uint8Array,
  system: FileSystem,
): Promise<boolean> {
  try {
    await system.setAttribute(path, ATTRIBUTE, Buffer.from(digestLine(state, digest)));
    return true;
  } catch {
    return false; // no such attributes here, or no room for one: a file beside it does
  }
}

/** The digest that is kept with the file, if the file is what it was then. */
export async function digestAt(
  path: string,
  state: DigestedState,
  system: FileSystem,
): Promise<Uint8Array | null> {
  const value = await system.attributeOf(path, ATTRIBUTE);
  return value === null ? null : digestIn(Buffer.from(value).toString("latin1"), state);
}

export function digestLine({ size, mtimeNs }: DigestedState, digest: Uint8Array): string {
  return `${size} ${mtimeNs} ${Buffer.from(digest).toString("hex")}`;
}

/** The digest that `line` has for a file in that state. */
export function digestIn(line: string, { size, mtimeNs }: DigestedState): Uint8Array | null {
  const found = /^(?<size>\d+) (?<mtime>\d+) (?<hex>[0-9a-f]{64})$/u.exec(line)?.groups;
  if (found === undefined) return null;
  if (found["size"] !== String(size) || found["mtime"] !== String(mtimeNs)) return null;
  return Buffer.from(found["hex"]!, "hex");
}
