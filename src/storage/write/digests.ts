// Where digests are that can't be kept with their files: a small file for each in the server's own
// folder, named after what it is the digest of. Lost ones are made anew when they are asked for.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { OpenFile } from "../open-file.ts";
import { readSlice } from "../open-file.ts";
import { BLOCK_BYTES } from "./block-pool.ts";
import {
  digestAt,
  digestIn,
  digestLine,
  keepDigest,
  type DigestedState,
} from "./digest-keeping.ts";
import type { Folder } from "./folder.ts";
import { OWN } from "./names.ts";
import { ownName } from "./owner.ts";
import type { DraftRoom } from "./draft-room.ts";

import { sha256 } from "./sha256.ts";

const FOLDER = `${OWN}digests`;
const LINE_BYTES_MAX = 128;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The digest that is kept for an open file; null: none, or of another state. */
export async function keptFor(room: DraftRoom, file: OpenFile): Promise<Uint8Array | null> {
  const state = stateOf(file);
  const kept = await digestAt(pathOf(file), state, room.system);
  if (kept !== null) return kept;
  const name = nameBelow(room, file);
  return name === null ? null : besideOf(room, name, state);
}

/** Reads the file. Kept only where it was one state all the while. */
export async function makeFor(room: DraftRoom, file: OpenFile): Promise<Uint8Array> {
  const hash = sha256();
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let at = 0;
  while (at < file.size) {
    const got = await readSlice(file, at, Math.min(BLOCK_BYTES, file.size - at), block);
    if (got === 0) break; // it became shorter: what is left is what it is
    await hash.update(block.subarray(0, got));
    at += got;
  }
  const digest = hash.digest();
  if (at < file.size || file.isOverwritten()) return digest;
  const name = nameBelow(room, file);
  const isKept = await keepDigest(pathOf(file), stateOf(file), digest, room.system);
  if (!isKept && name !== null) await keepBeside(room, name, stateOf(file), digest);
  return digest;
}

/** Never throws: what can't be kept is made anew when it is asked for. */
export async function keepBeside(
  room: DraftRoom,
  name: string,
  state: DigestedState,
  digest: Uint8Array,
): Promise<void> {
  const { system, root } = room;
  const own = `${ownName()}.digest`;
  try {
    await withDigests(room, async (folder) => {
      const fd = await system.open(root.at(own), WRITE, 0o600);
      const line = Buffer.from(digestLine(state, digest));
      try {
        await system.write(fd, line, 0, line.length, 0);
      } finally {
        await system.close(fd);
      }
      await system.rename(root.at(own), folder.at(keyOf(name)));
    });
  } catch {
    await system.unlink(root.at(own)).catch(() => undefined);
  }
}

/** The file is gone. */
export async function forgetBeside(room: DraftRoom, name: string): Promise<void> {
  const path = `${FOLDER}/${keyOf(name)}`;
  await room.system.unlink(room.root.at(path)).catch(() => undefined);
}

async function besideOf(
  { system, root }: DraftRoom,
  name: string,
  state: DigestedState,
): Promise<Uint8Array | null> {
  let fd: number | null = null;
  try {
    fd = await system.open(root.at(`${FOLDER}/${keyOf(name)}`), READ);
    const line = Buffer.alloc(LINE_BYTES_MAX);
    const got = await system.read(fd, line, 0, line.length, 0);
    return digestIn(line.toString("latin1", 0, got), state);
  } catch {
    return null;
  } finally {
    if (fd !== null) await system.close(fd).catch(() => undefined);
  }
}

async function withDigests(room: DraftRoom, use: (folder: Folder) => Promise<void>): Promise<void> {
  const folder = await room.root.make(FOLDER, 0o700, false);
  try {
    await use(folder);
  } finally {
    await folder.close();
  }
}

function keyOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 40);
}

function stateOf({ size, mtimeNs }: OpenFile): DigestedState {
  return { size: BigInt(size), mtimeNs };
}

/** By its descriptor, where it has one: what its name leads to may be another file by now. */
function pathOf(file: OpenFile): string {
  return file.fd >= 0 ? `/proc/self/fd/${file.fd}` : file.path;
}

function nameBelow({ root }: DraftRoom, { path }: OpenFile): string | null {
  return path.startsWith(`${root.path}/`) ? path.slice(root.path.length + 1) : null;
}
