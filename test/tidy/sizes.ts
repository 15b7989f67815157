// How long files and lines may be. A file may be longer than its measure only while the ratchet
// names it, and the ratchet turns one way: when the file shrinks, its number has to follow.
import { linesOf } from "../checkout.ts";

export const FILE_LINES_MAX = 250;
export const FILE_LINES_HARD_MAX = 500;
export const COLUMNS_MAX = 100;

/** Files over their measure, with the lines each has now. */
export type Ratchet = Readonly<Record<string, number>>;

/** What is wrong with the length of `file`, as words; null when nothing is. */
export function lengthComplaint(file: string, text: string, ratchet: Ratchet): string | null {
  const lines = linesOf(text).length;
  const allowed = ratchet[file];
  const split = "give each of its nouns a file of its own";
  if (lines > FILE_LINES_HARD_MAX) {
    return `${file}: ${lines} lines, and never more than ${FILE_LINES_HARD_MAX}: ${split}`;
  }
  if (allowed !== undefined && lines < allowed) {
    const change = lines <= FILE_LINES_MAX ? "take its line out of" : `write ${lines} in`;
    return `${file}: shrank from ${allowed} to ${lines} lines: ${change} test/tidy/ratchet.json`;
  }
  if (lines <= (allowed ?? FILE_LINES_MAX)) return null;
  return `${file}: ${lines} lines, and ${allowed ?? FILE_LINES_MAX} are its measure: ${split}`;
}

/** Ratchet entries for files that are gone. */
export function staleRatchet(ratchet: Ratchet, files: readonly string[]): string[] {
  return Object.keys(ratchet).filter((file) => !files.includes(file));
}

/** The lines of `file` that are too wide. */
export function wideLines(file: string, text: string): string[] {
  return linesOf(text).flatMap((line, index) => {
    const columns = [...line].length;
    if (columns <= COLUMNS_MAX) return [];
    return [`${file}:${index + 1}: ${columns} columns, and ${COLUMNS_MAX} are the measure`];
  });
}
