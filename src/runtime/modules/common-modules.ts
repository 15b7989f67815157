// What `require` keeps. It keeps a module by its file, without a query: to have it run anew, it has
// to be forgotten, and whoever asks from then on gets the new one.
import { createRequire } from "node:module";

type Kept = NodeJS.Require["cache"][string];

const { cache } = createRequire(import.meta.url);

/** Forgets `files`. What it returns, `remember` takes back. */
export function forget(files: Iterable<string>): ReadonlyMap<string, Kept> {
  const forgotten = new Map<string, Kept>();
  for (const file of files) {
    if (cache[file] === undefined) continue;
    forgotten.set(file, cache[file]);
    delete cache[file];
  }
  return forgotten;
}

export function remember(forgotten: ReadonlyMap<string, Kept>): void {
  for (const [file, module] of forgotten) cache[file] = module;
}
