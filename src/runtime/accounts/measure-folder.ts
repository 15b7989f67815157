// How many bytes a folder holds. It is looked at in the thread pool, in small batches: a folder of
// a million files takes seconds, and nothing waits for them but who needs the sum.
import type { Dir } from "node:fs";
import { lstat, opendir } from "node:fs/promises";

const BATCH = 64;
const DOT = 0x2e;
/** How names begin that are the server's own: drafts, which are reserved for already. */
const OWN = Buffer.from(".portico-");
const SLASH = Buffer.from("/");
// What goes while it is looked at, and what this user may not see: neither is an error of a sum.
const LEFT_OUT = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"]);

/** The sizes of all files below `folder`, in bytes, added up; 0 where there is none. */
export async function measureFolder(folder: string): Promise<number> {
  // As bytes: a name that is no UTF-8 would not be found by its text.
  const folders: Buffer[] = [Buffer.from(folder)];
  let bytes = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    bytes += await measureOne(next, folders);
  }
  return bytes;
}

/** Adds up the files right in `folder`; the folders in it go to `folders`. */
async function measureOne(folder: Buffer, folders: Buffer[]): Promise<number> {
  const entries = await unlessLeftOut(openAsBytes(folder));
  if (entries === null) return 0;
  let bytes = 0;
  let batch: Buffer[] = [];
  const lookAtBatch = async (): Promise<void> => {
    for (const size of await Promise.all(batch.map((path) => sizeOf(path)))) bytes += size;
    batch = [];
  };
  // A stream of entries: a list of them would hold a million names at once.
  for await (const { name, isFolder } of namesIn(entries)) {
    if (name.subarray(0, OWN.length).equals(OWN)) continue;
    const path = Buffer.concat([folder, SLASH, name]);
    if (!isFolder) batch.push(path);
    else if (name[0] !== DOT) folders.push(path);
    if (batch.length >= BATCH) await lookAtBatch();
  }
  await lookAtBatch();
  return bytes;
}

/** Node's types know names as text only. */
function openAsBytes(folder: Buffer): Promise<Dir> {
  return opendir(folder, { encoding: "buffer" as never, bufferSize: BATCH });
}

async function* namesIn(entries: Dir): AsyncGenerator<{ name: Buffer; isFolder: boolean }> {
  for await (const entry of entries) {
    yield { name: entry.name as unknown as Buffer, isFolder: entry.isDirectory() };
  }
}

async function sizeOf(path: Buffer): Promise<number> {
  const found = await unlessLeftOut(lstat(path));
  return found?.isFile() === true ? found.size : 0;
}

async function unlessLeftOut<T>(look: Promise<T>): Promise<T | null> {
  try {
    return await look;
  } catch (error) {
    if (LEFT_OUT.has((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
