// Whether two folders have something in common. Links are followed as far as there is something.
import { realpathSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** They are the same, or one lies in the other, whatever they are called. */
export function areNested(one: string, other: string): boolean {
  const [first, second] = [withSlash(real(one)), withSlash(real(other))];
  return first.startsWith(second) || second.startsWith(first);
}

function withSlash(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}

/** `path` without links; of what is not there yet, that of the nearest folder that is. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(real(above), basename(path));
  }
}
