// The lines of source around the place that an error was thrown at.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface SourceLine {
  readonly number: number;
  readonly text: string;
  /** It is the line of the error. */
  readonly isIt: boolean;
}

export interface ErrorSource {
  /** The file, the line and the column. */
  readonly place: string;
  readonly lines: readonly SourceLine[];
}

const LINES_AROUND = 5;
const LINE_CHARACTERS_MAX = 200;
const FRAME = /(file:\/\/\/[^\s()?]+)(?:\?[^\s():]*)?:(\d+):(\d+)\)?$/gm;

/** That of `error`'s first frame in a file that is no package's; null where there is none. */
export function sourceOf(error: unknown): ErrorSource | null {
  const stack = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== "string") return null;
  for (const [, url, line, column] of stack.matchAll(FRAME)) {
    if (url!.includes("/node_modules/")) continue;
    const lines = linesAround(url!, Number(line));
    if (lines !== null) return { place: `${fileURLToPath(url!)}:${line}:${column}`, lines };
  }
  return null;
}

/** null: it can't be read, or is no longer so long. */
function linesAround(url: string, line: number): SourceLine[] | null {
  let text: string;
  try {
    text = readFileSync(new URL(url), "utf8");
  } catch {
    return null; // whatever is in the way: the stack is shown without
  }
  const all = text.split("\n");
  if (line < 1 || line > all.length) return null;
  const first = Math.max(1, line - LINES_AROUND);
  return all.slice(first - 1, line + LINES_AROUND).map((text, at) => ({
    number: first + at,
    text: text.slice(0, LINE_CHARACTERS_MAX),
    isIt: first + at === line,
  }));
}
