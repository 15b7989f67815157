// The folder that every case of the corpus asks for: fixed names, contents and times, a link that
// leads out of it, and beside it what must never be seen.
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Stands in the file outside of the root, and nowhere else. */
export const SECRET = "SECRET-OUTSIDE";

const MODIFIED_S = Date.UTC(2024, 0, 2, 3, 4, 5) / 1000;

export const FILES: Readonly<Record<string, Buffer>> = {
  "index.html": Buffer.from("<!doctype html><title>t</title><h1>Hi!</h1>\n"),
  "hello.txt": Buffer.from("hello, world\n"),
  "data.bin": Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251)),
  "dir/index.html": Buffer.from("<p>dir</p>\n"),
  "dir/a.txt": Buffer.from("alpha\n"),
  "empty.txt": Buffer.alloc(0),
  "big.bin": Buffer.alloc(
    3 * 1024 * 1024,
    Uint8Array.from({ length: 256 }, (_, at) => at),
  ),
};

/** Makes `root`, or makes it right again; its parent gets the secret. */
export async function makeRoot(root: string): Promise<void> {
  const files = { ...FILES, "../secret.txt": Buffer.from(`${SECRET}\n`) };
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    await utimes(path, MODIFIED_S, MODIFIED_S);
  }
  await rm(join(root, "escape.txt"), { force: true });
  await symlink("../secret.txt", join(root, "escape.txt"));
}
