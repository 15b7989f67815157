// What was measured, and what is read off it: medians, and ratios to nginx and to the best other.
import type { Row } from "./measures/row.ts";
import { least, median, ratio } from "./statistics.ts";

/** Servers by name, each with its figure; null: it has no way to do that. */
export type Figures = ReadonlyMap<string, number | null>;

/** A row's figures, a set for each run, each figure the median of that run's rounds. */
export interface Result {
  readonly row: Pick<Row, "name" | "title" | "unit" | "isRatio">;
  readonly runs: readonly Figures[];
}

/** Whose ratios they are, whatever else is measured. */
export const OWN = "portico";
const OTHERS_OF_OURS = ["portico-other"];
const NGINX = ["nginx", "nginx-nosendfile"];

/** The median of `server` over all runs; null where it has no figure. */
export function figureOf({ runs }: Result, server: string): number | null {
  const figures = runs.map((figures) => figures.get(server) ?? null);
  const known = figures.filter((figure) => figure !== null);
  return known.length === 0 ? null : median(known);
}

/** Ours over the better of nginx with and without sendfile, in one run. */
export function ratioToNginx(figures: Figures): number | null {
  return ratio(figures.get(OWN), least(NGINX.map((name) => figures.get(name))));
}

/** Ours over the best of everybody else, in one run. */
export function ratioToBest(figures: Figures): number | null {
  const others = [...figures].filter(([name]) => name !== OWN && !OTHERS_OF_OURS.includes(name));
  return ratio(figures.get(OWN), least(others.map(([, figure]) => figure)));
}

/** The ratio that is bounded: to nginx, or the figure itself where that is a ratio already. */
export function boundedRatio({ row, runs }: Result): number | null {
  const of = row.isRatio === true ? (figures: Figures) => figures.get(OWN) ?? null : ratioToNginx;
  return medianRatio(runs, of);
}

/** Ours over `server`'s, or over the "best" of everybody else. */
export function ratioTo({ runs }: Result, server: string): number | null {
  if (server === "best") return medianRatio(runs, ratioToBest);
  return medianRatio(runs, (figures) => ratio(figures.get(OWN), figures.get(server)));
}

/** The median over the runs of what `of` makes of each; null when it makes nothing of any. */
export function medianRatio(
  runs: readonly Figures[],
  of: (figures: Figures) => number | null,
): number | null {
  const ratios = runs.map(of).filter((value) => value !== null);
  return ratios.length === 0 ? null : median(ratios);
}
