// A config file's text, checked: either all that is wrong with it, or its values and where each is
// from.
import { dirname, resolve } from "node:path";
import { Checker } from "./check.ts";
import { readDocument } from "./document.ts";
import type { Node, TableNode } from "./node.ts";
import { FILE_START, sortProblems, Source, Wrong } from "./problem.ts";
import type { Problem, Severity, Span } from "./problem.ts";
import type { Schema } from "./schema.ts";

export type ConfigPath = readonly (string | number)[];

export interface ProblemOptions {
  readonly hint?: string;
  /** Points at the key rather than at its value. */
  readonly onKey?: boolean;
  readonly severity?: Severity;
}

/** A config that its schema lets through. Checks across keys place their problems by it. */
export class Loaded<T> {
  readonly value: T;
  readonly file: string;
  /** Every value as written, fallbacks too. */
  readonly tree: TableNode;
  readonly #source: Source;

  constructor(value: T, tree: TableNode, source: Source) {
    this.value = value;
    this.file = source.file;
    this.tree = tree;
    this.#source = source;
  }

  /** Where the value at `path` was written; `default` where it was not. */
  origin(path: ConfigPath): { line: number; column: number } | "default" {
    const steps = stepsTo(this.tree, path);
    const span = steps.length === path.length ? (steps.at(-1)?.node.span ?? null) : null;
    return span === null ? "default" : { line: span.line, column: span.column };
  }

  /** A problem at `path`, or at the nearest table around it that is in the file. */
  problem(path: ConfigPath, message: string, options: ProblemOptions = {}): Problem {
    const { hint = null, onKey = false, severity = "error" } = options;
    const steps = stepsTo(this.tree, path);
    const found = steps.findLast(({ node }) => node.span !== null);
    const isWhole = steps.length === path.length && found === steps.at(-1);
    // A fallback's problem is its table's: shown at the table's name.
    const span = onKey || !isWhole ? (found?.keySpan ?? found?.node.span) : found?.node.span;
    return this.#source.problem(span ?? FILE_START, new Wrong(message, hint), severity);
  }
}

/**
 * Reads `text` as the TOML of `file`, from whose folder its relative paths start. Never throws for
 * what the text holds; problems come all at once, in the order of the lines.
 */
export function loadConfig<T>(
  text: string,
  file: string,
  schema: Schema<T>,
): Loaded<T> | Problem[] {
  const source = new Source(file, text.replace(/^\ufeff/, ""));
  const { root, problems } = readDocument(source);
  if (root === null) return sortProblems(problems);
  const folder = dirname(resolve(file));
  const checker = new Checker(schema, { source, folder, damaged: problems.length > 0 });
  const { value, node } = checker.check(schema, root, { path: "", near: FILE_START });
  const all = [...problems, ...checker.problems];
  if (all.length > 0) return sortProblems(all);
  return new Loaded(value as T, node as TableNode, source);
}

interface Step {
  readonly keySpan: Span | null;
  readonly node: Node;
}

/** The nodes on the way to `path`, as far as there are any. */
function stepsTo(tree: TableNode, path: ConfigPath): Step[] {
  const steps: Step[] = [];
  let node: Node = tree;
  for (const part of path) {
    let step: Step | undefined;
    if (node.kind === "table") step = node.entries.get(String(part));
    else if (node.kind === "list" && typeof part === "number") {
      const item: Node | undefined = node.items[part];
      if (item !== undefined) step = { keySpan: item.span, node: item };
    }
    if (step === undefined) return steps;
    steps.push(step);
    node = step.node;
  }
  return steps;
}
