// Whether a draft is what is stored already.
import { constants } from "node:fs";
import type { FileSystem } from "../file-system.ts";
import type { OpenFile } from "../open-file.ts";
import { BLOCK_BYTES } from "./block-pool.ts";
import { digestAt } from "./digest-keeping.ts";
import type { StoreDraft } from "./draft.ts";
import type { SealedState } from "./sealed.ts";

/** By their digests where both are known, else byte for byte. Throws as the system does. */
export async function isEqual(
  draft: StoreDraft,
  sealed: SealedState,
  current: OpenFile,
  system: FileSystem,
): Promise<boolean> {
  if (current.size !== sealed.bytes) return false;
  const state = { size: BigInt(current.size), mtimeNs: current.mtimeNs };
  const kept = sealed.sha256 && (await digestAt(current.path, state, system));
  if (kept !== null && sealed.sha256 !== null) return Buffer.compare(kept, sealed.sha256) === 0;
  const fd = await system.open(draft.room.root.at(draft.name), constants.O_RDONLY);
  try {
    return await areEqual(fd, current.fd, sealed.bytes, system);
  } finally {
    await system.close(fd);
  }
}

async function areEqual(a: number, b: number, bytes: number, system: FileSystem): Promise<boolean> {
  const [ours, theirs] = [Buffer.allocUnsafe(BLOCK_BYTES), Buffer.allocUnsafe(BLOCK_BYTES)];
  for (let at = 0; at < bytes;) {
    const wanted = Math.min(BLOCK_BYTES, bytes - at);
    const got = await system.read(a, ours, 0, wanted, at);
    if (got === 0) return false;
    for (let done = 0; done < got;) {
      const more = await system.read(b, theirs, done, got - done, at + done);
      if (more === 0) return false;
      done += more;
    }
    if (ours.compare(theirs, 0, got, 0, got) !== 0) return false;
    at += got;
  }
  return true;
}
