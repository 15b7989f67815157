// A config that a program handed in, and what is wrong with it, as an error to throw.
import type { Problem } from "../config/index.ts";

export interface ConfigProblem {
  /** The keys by which one gets there: `site[0].route[2].path`. */
  readonly path: string;
  readonly message: string;
  /** What would repair it, where that is known. */
  readonly hint: string | null;
}

/** Its message names every problem, a line each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  /** Of what `configFromValue` found. */
  constructor(found: readonly Problem[]) {
    const problems = found.map(({ sourceLine, message, hint }) => {
      return { path: sourceLine, message, hint };
    });
    super(`the config is not good\n${problems.map(lineOf).join("\n")}`);
    this.problems = problems;
  }
}

function lineOf({ path, message, hint }: ConfigProblem): string {
  return `  ${path}: ${message}${hint === null ? "" : ` (${hint})`}`;
}
