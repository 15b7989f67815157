// The page that a run leaves: the table, and on what it was measured.
import { cpus, release } from "node:os";
import type { Result } from "./results.ts";
import type { Contestant } from "./servers/contestant.ts";
import { spread, table } from "./table.ts";

const LEGEND =
  "µs are CPU time of the server's whole process tree, kernel included, one worker on one core; " +
  "the ratios are Portico's, to the better of nginx with and without `sendfile`, and to the " +
  "best of all others. [How it is measured](README.md).";

export interface Circumstances {
  readonly date: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly runs: number;
  readonly contestants: readonly Contestant[];
}

/** The page of `results`. */
export function page(results: readonly Result[], circumstances: Circumstances): string {
  const { contestants, date, rounds, runs, seconds } = circumstances;
  const servers = contestants.map(({ name }) => name);
  const versions = contestants.map(({ name, version }) => `${name} ${version()}`);
  const parts = [
    "# Results",
    `${date}. ${machine()}. ${versions.join(" · ")}.`,
    `Medians of ${rounds} rounds of ${seconds} s, interleaved, runs: ${runs}. ${LEGEND}`,
    table(results, servers).trimEnd(),
    spread(results).trimEnd(),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function machine(): string {
  const [first, ...others] = cpus();
  return `${others.length + 1} cores (${first?.model.trim()}), Linux ${release()}`;
}
