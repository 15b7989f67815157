// Whether pictures can be decoded here. `sharp` is an optional dependency, and a package that is
// there may still lack what it needs on this machine: only to load it tells.
import { spawnSync } from "node:child_process";

const PROBE_MS = 20_000;
const INSTALL = "npm install sharp";

let known: string | null | undefined;

/** Whether the package is there at all. */
export function hasSharp(): boolean {
  try {
    import.meta.resolve("sharp");
    return true;
  } catch {
    return false;
  }
}

/**
 * What is missing for thumbnails, and how to get it; null where nothing is. The first time it takes
 * a process and some 150 ms, which nobody else gets: for the start and for `check`.
 */
export function sharpComplaint(): string | null {
  known ??= probe();
  return known;
}

function probe(): string | null {
  if (!hasSharp()) return `thumbnails need the package "sharp": ${INSTALL}`;
  const script = `await import(${JSON.stringify(import.meta.resolve("sharp"))})`;
  const { status, stderr, error } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { encoding: "utf8", timeout: PROBE_MS, env: {}, stdio: ["ignore", "ignore", "pipe"] },
  );
  if (status === 0) return null;
  const why = error?.message ?? /^\w*Error: .*/m.exec(stderr)?.[0] ?? "it does not load";
  return `thumbnails need the package "sharp", which does not work here (${why}): ${INSTALL}`;
}
