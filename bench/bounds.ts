// The bounds that `--check` holds ratios to. `bounds.json` has each row's largest ratio to nginx,
// or the largest figure of a row that is a ratio already; `1kb to best` is the largest ratio to the
// best other in that row, `1kb to fastify` to that server. `app-session above app-async` is by how
// much Portico's figure in the one row may be above that in the other.
import { readFileSync } from "node:fs";
import { boundedRatio, figureOf, OWN, ratioTo, type Result } from "./results.ts";

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
    const more = [...others(result, bounds), ...above(result, results, bounds)];
    if (found === null) return more;
    if (bound === undefined) {
      return [`${name}: ${found.toFixed(2)}, and bench/bounds.json has no bound for it`, ...more];
    }
    return [...over(name, found, bound), ...more];
  });
}

function others(result: Result, bounds: Bounds): string[] {
  const start = `${result.row.name} to `;
  return Object.entries(bounds).flatMap(([key, bound]) => {
    if (!key.startsWith(start)) return [];
    const found = ratioTo(result, key.slice(start.length));
    return found === null ? [] : over(key, found, bound);
  });
}

function above(result: Result, results: readonly Result[], bounds: Bounds): string[] {
  const own = figureOf(result, OWN);
  return results.flatMap((other) => {
    const key = `${result.row.name} above ${other.row.name}`;
    const bound = bounds[key];
    const base = figureOf(other, OWN);
    return bound === undefined || own === null || base === null ? [] : over(key, own - base, bound);
  });
}

function over(name: string, found: number, bound: number): string[] {
  return found > bound
    ? [`${name}: ${found.toFixed(2)} is over its bound of ${bound.toFixed(2)}`]
    : [];
}
