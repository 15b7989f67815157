// The checkout as the rules see it: its files and folders, by paths relative to its root.
import { cpSync, globSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

/** What is made, not written. */
const MADE = ["node_modules", "dist", "var", ".git"];

/** Files that match one of `patterns`, in order; what is made is left out. */
export function filesIn(...patterns: string[]): string[] {
  const exclude = (name: string) => MADE.includes(path.basename(name));
  return globSync(patterns, { cwd: CHECKOUT, exclude }).sort();
}

/** A file's text. */
export function textOf(file: string): string {
  return readFileSync(path.join(CHECKOUT, file), "utf8");
}

/** A file's text as lines, without an empty one for the last line end. */
export function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

/** Puts a copy of the checkout at `target`, sharing its packages. */
export function copyCheckout(target: string): void {
  cpSync(CHECKOUT, target, {
    recursive: true,
    filter: (source) =>
      !MADE.includes(path.relative(CHECKOUT, source)) && path.basename(source) !== "var",
  });
  symlinkSync(path.join(CHECKOUT, "node_modules"), path.join(target, "node_modules"));
}
