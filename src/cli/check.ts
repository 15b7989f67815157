// `portico check`: says whether a config is good, what it comes to, and which route would answer.
import { printable, printConfig, withEscapes } from "../config/index.ts";
import {
  explainRequest,
  parseExplainTarget,
  renderExplanation,
  type ExplainTarget,
  type LoadedConfig,
} from "../server/index.ts";
import { DEFAULT_FILE, loadFile, renderBadConfig } from "./config-file.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface CheckOptions {
  readonly config?: string;
  readonly print?: boolean;
  readonly explain?: string;
  readonly json?: boolean;
}

/** Prints what it found to standard output. Returns what to exit with. */
export async function check(options: CheckOptions, terminal: Terminal): Promise<number> {
  const target = options.explain === undefined ? null : targetOf(options.explain);
  const file = options.config ?? DEFAULT_FILE;
  const loaded = await loadFile(file);
  if (typeof loaded === "string") {
    const hint = options.config === undefined ? "; -c FILE names another" : "";
    terminal.err(`portico: ${printable(loaded)}${hint}\n`);
    return EXIT.config;
  }
  if (Array.isArray(loaded)) {
    terminal.out(options.json ? jsonLines(loaded) : renderBadConfig(loaded, terminal.outColor));
    return EXIT.config;
  }
  terminal.out(options.json ? jsonOf(loaded, target, options) : textOf(loaded, target, options));
  return EXIT.good;
}

function textOf(
  loaded: LoadedConfig,
  target: ExplainTarget | null,
  { print = false }: CheckOptions,
): string {
  const parts: string[] = [];
  if (print) parts.push(printConfig(loaded));
  if (target !== null) parts.push(renderExplanation(explainRequest(loaded, target)));
  return parts.length === 0 ? `${printable(loaded.file)}: good\n` : parts.join("\n");
}

function jsonOf(
  loaded: LoadedConfig,
  target: ExplainTarget | null,
  { print = false }: CheckOptions,
): string {
  const values: unknown[] = [];
  if (print) values.push(loaded.value);
  if (target !== null) values.push(explainRequest(loaded, target));
  return jsonLines(values.length === 0 ? [{ file: loaded.file, good: true }] : values);
}

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${withEscapes(JSON.stringify(value))}\n`).join("");
}

function targetOf(text: string): ExplainTarget {
  const target = parseExplainTarget(text);
  if (typeof target === "string") throw new UsageError(`--explain: ${target}`);
  return target;
}
