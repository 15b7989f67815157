// The results as Markdown.
import {
  type Figures,
  figureOf,
  medianRatio,
  ratioToBest,
  ratioToNginx,
  type Result,
} from "./results.ts";

const NONE = "–";

/** The table of `results`, a column for each of `servers`, then the ratios. */
export function table(results: readonly Result[], servers: readonly string[]): string {
  const head = ["", "unit", ...servers, "to nginx", "to the best other"];
  const lines = results.map((result) => {
    const figures = servers.map((server) => figure(figureOf(result, server)));
    const ratios = [ratioToNginx, ratioToBest].map((of) => ratioCell(result, of));
    const { name, title, unit } = result.row;
    return [`${title} (\`${name}\`)`, unit, ...figures, ...ratios];
  });
  const rule = head.map((_, at) => (at < 2 ? "---" : "---:"));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** Each run's own ratio to nginx: how far they agree. Empty when there was one run. */
export function spread(results: readonly Result[]): string {
  if (results.every(({ runs }) => runs.length < 2)) return "";
  const lines = results.map(({ row, runs }) => {
    const ratios = runs.map(ratioToNginx).map((value) => value?.toFixed(2) ?? NONE);
    return `| \`${row.name}\` | ${ratios.join(" | ")} |\n`;
  });
  const runs = results[0]!.runs.map((_, at) => `run ${at + 1}`);
  const head = `| to nginx | ${runs.join(" | ")} |\n|---|${runs.map(() => "---:|").join("")}\n`;
  return head + lines.join("");
}

/** Three digits that count, and no more places than that. */
export function figure(value: number | null): string {
  if (value === null) return NONE;
  const digits = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toFixed(Math.max(0, Math.min(2, 3 - digits)));
}

function ratioCell({ row, runs }: Result, of: (figures: Figures) => number | null): string {
  if (row.isRatio === true) return NONE;
  return medianRatio(runs, of)?.toFixed(2) ?? NONE;
}
