// Problems for people:
//
//   portico.toml:2:1: error: unknown key `adress` in [[listen]]
//     2 | adress = "127.0.0.1:0"
//       | ^^^^^^
//       = did you mean `address`?
import { printable } from "./printable.ts";
import type { Problem } from "./problem.ts";

const LINE_WIDTH_MAX = 120;
const PROBLEMS_SHOWN_MAX = 100;
const COLOURS = { error: "\x1b[1;31m", warning: "\x1b[1;33m", bold: "\x1b[1m", hint: "\x1b[36m" };
const PLAIN = "\x1b[0m";

/**
 * Each with its line and a caret, a blank line between; ends with a line feed. Past the first
 * hundred, how many more there are.
 */
export function renderProblems(
  problems: readonly Problem[],
  { color }: { readonly color: boolean },
): string {
  const paint = (text: string, colour: keyof typeof COLOURS): string =>
    color ? `${COLOURS[colour]}${text}${PLAIN}` : text;
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX);
  const parts = shown.map((problem) => `${renderProblem(problem, paint)}\n`);
  const more = problems.length - shown.length;
  return (more === 0 ? parts : [...parts, `and ${more} more\n`]).join("\n");
}

type Paint = (text: string, colour: keyof typeof COLOURS) => string;

function renderProblem(problem: Problem, paint: Paint): string {
  const { file, line, column, message, hint, severity } = problem;
  const gutter = " ".repeat(String(line).length);
  const { shown, caret } = excerpt(problem);
  const lines = [
    `${paint(`${printable(file)}:${line}:${column}:`, "bold")} ` +
      `${paint(`${severity}:`, severity)} ${printable(message)}`,
    `  ${line} | ${shown}`,
    `  ${gutter} | ${paint(caret, severity)}`,
  ];
  if (hint !== null) lines.push(`  ${gutter} = ${paint(printable(hint), "hint")}`);
  return lines.join("\n");
}

/** The line, cut to a width around the place, and the carets below it. */
function excerpt({ sourceLine, column, length }: Problem): { shown: string; caret: string } {
  const start = column <= LINE_WIDTH_MAX ? 0 : column - LINE_WIDTH_MAX / 2;
  const end = start + LINE_WIDTH_MAX;
  const shown = printable(sourceLine.slice(start, end));
  const before = printable(sourceLine.slice(start, column - 1).padEnd(column - 1 - start));
  const under = [...sourceLine.slice(column - 1, Math.min(column - 1 + length, end))].length;
  return {
    shown: `${start > 0 ? "…" : ""}${shown}${end < sourceLine.length ? "…" : ""}`,
    caret: `${start > 0 ? " " : ""}${blank(before)}${"^".repeat(Math.max(1, under))}`,
  };
}

/** As wide as `text` where a character is a column; tabs stay what they are. */
function blank(text: string): string {
  return Array.from(text, (character) => (character === "\t" ? "\t" : " ")).join("");
}
