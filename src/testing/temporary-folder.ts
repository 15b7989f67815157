// Folders that tests write to.
import { readdirSync, readlinkSync } from "node:fs";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs `use` with a fresh, empty folder (its real path), which is removed afterwards. */
export async function withTemporaryFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "portico-test-")));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `use` with a file of `bytes` bytes, no four of which are like their neighbours. */
export function withFileOf<T>(
  bytes: number,
  use: (path: string, content: Buffer) => T | Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "file.bin");
    const content = Buffer.alloc(bytes);
    for (let at = 0; at + 4 <= bytes; at += 4) content.writeUInt32LE(at * 7, at);
    await writeFile(path, content);
    return use(path, content);
  });
}

/** Paths below `folder` that this process has open. */
export function openIn(folder: string): string[] {
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // the one that listed
    }
  });
  return targets.filter((path) => path.startsWith(`${folder}/`));
}
