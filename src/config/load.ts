// A config file's text, checked: either all that is wrong with it, or its values and where each is
// from.
import { dirname, resolve } from "node:path";
import { Checker } from "./check.ts";
import { readDocument } from "./document.ts";
import type { Node, TableNode } from "./node.ts";
import type { BaseFolder } from "./path.ts";
import { FILE_START, sortProblems, Source, Wrong } from "./problem.ts";
import type { Problem, Severity } from "./problem.ts";
import type { Schema } from "./shape.ts";
import type { Sound } from "./sound.ts";
import { treeOfValue } from "./value-tree.ts";
import { stepsTo, type ConfigPath } from "./steps.ts";

export interface ProblemOptions {
  readonly hint?: string;
  /** Points at the key rather than at its value. */
  readonly onKey?: boolean;
  readonly severity?: Severity;
}

/** A config as it was read. Checks across keys place their problems by it. */
export class Loaded<T> {
  readonly value: T;
  readonly file: string;
  /** Every value as written, fallbacks too. */
  readonly tree: TableNode;
  /** Every key of the file is in `tree`; else what seems to be left out may be in broken lines. */
  readonly whole: boolean;
  /** The text, to place problems in. */
  readonly source: Source;

  constructor(value: T, tree: TableNode, whole: boolean, source: Source) {
    this.value = value;
    this.file = source.file;
    this.tree = tree;
    this.whole = whole;
    this.source = source;
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
    return this.source.problem(span ?? FILE_START, new Wrong(message, hint), severity);
  }
}

/** Finds what no single key shows wrong, in what is sound: told with all else that is wrong. */
export type CrossCheck<T> = (seen: Loaded<Sound<T>>) => Problem[];

/**
 * Reads `text` as the TOML of `file`, from whose folder its relative paths start. Never throws for
 * what the text holds; problems come all at once, in the order of the lines.
 */
export function loadConfig<T>(
  text: string,
  file: string,
  schema: Schema<T>,
  crossCheck: CrossCheck<T> = () => [],
): Loaded<T> | Problem[] {
  const source = new Source(file, text.replace(/^\ufeff/, ""));
  const document = readDocument(source);
  const folder = { path: dirname(resolve(file)), called: "the config file's folder" };
  return checked({ ...document, source, folder }, schema, crossCheck);
}

/** Where a config's value is from: for messages, what it is called, and where its paths start. */
export interface ValueOrigin {
  readonly name: string;
  readonly folder: string;
  /** Has what is short for something be what it is short for. */
  readonly unfold?: (config: Node) => void;
}

/**
 * Checks a config that a program hands in, with values as a file has them. A problem's line is the
 * keys by which one gets to its place, which its `sourceLine` is, in the order of the value.
 */
export function loadValue<T>(
  value: unknown,
  { name, folder, unfold }: ValueOrigin,
  schema: Schema<T>,
  crossCheck: CrossCheck<T> = () => [],
): Loaded<T> | Problem[] {
  const { root, places } = treeOfValue(value, name);
  unfold?.(root);
  const start = { path: folder, called: folder };
  const document = { root, whole: true, problems: [], source: places, folder: start };
  return checked(document, schema, crossCheck);
}

/** What is to be checked, and what is wrong with it so far. */
interface Read {
  readonly root: Node | null;
  readonly whole: boolean;
  readonly problems: Problem[];
  readonly source: Source;
  readonly folder: BaseFolder;
}

function checked<T>(
  { root, whole, problems, source, folder }: Read,
  schema: Schema<T>,
  crossCheck: CrossCheck<T>,
): Loaded<T> | Problem[] {
  if (root === null) return sortProblems(problems);
  const checker = new Checker(schema, { source, folder, whole });
  const { value, node } = checker.check(schema, root, { path: "", near: FILE_START });
  // Of a file it is one; what is handed in as something else is told.
  if (node.kind !== "table") return checker.problems;
  const tree = node;
  const across = crossCheck(new Loaded(value as Sound<T>, tree, whole, source));
  const all = [...problems, ...checker.problems, ...across];
  // Without a problem, nothing in the value is broken.
  return all.length > 0 ? sortProblems(all) : new Loaded(value as T, tree, whole, source);
}
