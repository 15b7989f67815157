// Why a module can't be used, in words that say where: the file, its line, and what is wrong there.
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileOf, withoutMarks } from "./marks.ts";

/** A module of the operator's that does not load. Its message begins with the place. */
export class ModuleFailed extends Error {
  readonly file: string;
  /** From 1; null: nobody knows. */
  readonly line: number | null;

  constructor(file: string, line: number | null, why: string, cause?: unknown) {
    super(`${file}${line === null ? "" : `:${line}`}: ${why}`, { cause });
    this.file = file;
    this.line = line;
  }
}

/** An import that leads nowhere. */
export interface DeadEnd {
  readonly importer: string;
  readonly specifier: string;
}

// `file:///a.ts:3` alone on the first line of a syntax error's stack, or `(…:3:7)` in a frame.
const HEADING = /^(file:\/\/\/\S+|\/.+?):(\d+)$/;
const FRAME = /^ +at (?:.* \()?(?:async )?(file:\/\/\/[^\s()]+|\/[^()]+):(\d+):\d+\)?$/;

/** What is known of a load that failed. */
export interface FailedLoad {
  /** What was to be loaded. */
  readonly entry: string;
  readonly deadEnd: DeadEnd | null;
  /** The file that was read last, which is the one that is no module where one is none. */
  readonly lastRead: string | null;
  /** A file of the program's, of which nobody wants to know. */
  readonly isOurs: (file: string) => boolean;
}

/** What `error`, by which a load ended, says. */
export function failedBy(error: unknown, load: FailedLoad): ModuleFailed {
  const { entry, deadEnd } = load;
  if (error instanceof ModuleFailed) return error;
  if (!(error instanceof Error)) {
    return new ModuleFailed(entry, null, `it threw ${withoutMarks(String(error))}`, error);
  }
  if (deadEnd !== null) {
    const { importer, specifier } = deadEnd;
    const why = `it imports "${specifier}", which was not found`;
    return new ModuleFailed(importer, lineOf(importer, specifier), why, error);
  }
  const { file, line } = placeOf(error, load.isOurs) ?? unnamedPlace(error, load);
  const name = error.name === "Error" ? "" : `${error.name}: `;
  const message = withoutMarks(error.message);
  const words = message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
  return new ModuleFailed(file, line, name + words, error);
}

function placeOf(
  { stack = "" }: Error,
  isOurs: (file: string) => boolean,
): { file: string; line: number } | null {
  const lines = withoutMarks(stack).split("\n");
  for (const [at, text] of lines.entries()) {
    const match = (at === 0 ? HEADING : FRAME).exec(text);
    if (match === null) continue;
    const file = match[1]!.startsWith("file:") ? fileOf(match[1]!) : match[1]!;
    if (!isOurs(file)) return { file, line: Number(match[2]) };
  }
  return null;
}

/** Of JavaScript, Node does not say where it is none: the reader of TypeScript does. */
function unnamedPlace(
  error: Error,
  { entry, lastRead, isOurs }: FailedLoad,
): { file: string; line: number | null } {
  if (!(error instanceof SyntaxError) || lastRead === null) return { file: entry, line: null };
  const none = { file: lastRead, line: null };
  if (!/\.[cm]?[jt]s$/.test(lastRead)) return none;
  try {
    stripTypeScriptTypes(readFileSync(lastRead, "utf8"), { sourceUrl: lastRead });
    return none;
  } catch (sameError) {
    return (sameError instanceof Error ? placeOf(sameError, isOurs) : null) ?? none;
  }
}

/** The first line of `importer` that quotes `specifier`. */
function lineOf(importer: string, specifier: string): number | null {
  try {
    const lines = readFileSync(importer, "utf8").split("\n");
    const at = lines.findIndex((line) =>
      ['"', "'", "`"].some((quote) => line.includes(quote + specifier + quote)),
    );
    return at < 0 ? null : at + 1;
  } catch {
    return null; // it is gone by now: the words are right without it
  }
}
