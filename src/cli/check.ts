// `portico check`: says whether a config is good, what it comes to, and which route would answer.
import { jsonSchema, printable, printConfig, withEscapes } from "../config/index.ts";
import {
  BUILT_IN,
  explainRequest,
  parseExplainTarget,
  renderExplanation,
  schemaFor,
  type ExplainTarget,
  type LoadedConfig,
  type Registry,
} from "../server/index.ts";
import { DEFAULT_FILE, defaultFileExists, loadFile, renderBadConfig } from "./config-file.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface CheckOptions {
  readonly config?: string;
  readonly print?: boolean;
  readonly explain?: string;
  readonly schema?: boolean;
  readonly json?: boolean;
}

/** Prints what it found to standard output. Returns what to exit with. */
export async function check(options: CheckOptions, terminal: Terminal): Promise<number> {
  const target = options.explain === undefined ? null : targetOf(options.explain);
  const file = options.config ?? DEFAULT_FILE;
  if (options.schema && options.config === undefined && !(await defaultFileExists())) {
    terminal.out(schemaText(BUILT_IN)); // of a file that is yet to be written
    return EXIT.good;
  }
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
  if (options.schema) terminal.out(schemaText(loaded.registry));
  else
    terminal.out(options.json ? jsonOf(loaded, target, options) : textOf(loaded, target, options));
  return EXIT.good;
}

/** The JSON Schema of files whose routes name the rooms of `registry`. */
function schemaText(registry: Registry): string {
  const schema = jsonSchema(schemaFor(registry), { title: "portico.toml" });
  const lines = JSON.stringify(schema, null, 2).split("\n");
  return `${lines.map(withEscapes).join("\n")}\n`;
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
