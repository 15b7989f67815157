// The bounds that `--check` holds ratios to: `bounds.json` has each row's largest ratio to nginx,
// or the largest figure of a row that is a ratio already.
import { readFileSync } from "node:fs";
import { boundedRatio, type Result } from "./results.ts";

export type Bounds = Readonly<Record<string, number>>;

export function readBounds(): Bounds {
  return JSON.parse(readFileSync(new URL("bounds.json", import.meta.url), "utf8")) as Bounds;
}

/** A line for each row that is over its bound, or that has a ratio and no bound. */
export function complaintsAbout(results: readonly Result[], bounds: Bounds): string[] {
  return results.flatMap((result) => {
    const { name } = result.row;
    const bound = bounds[name];
    const found = boundedRatio(result);
    if (found === null) return [];
    const is = `${name}: ${found.toFixed(2)}`;
    if (bound === undefined) return [`${is}, and bench/bounds.json has no bound for it`];
    return found > bound ? [`${is} is over its bound of ${bound.toFixed(2)}`] : [];
  });
}
