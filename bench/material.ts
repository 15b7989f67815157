// The folder that every server serves.
import { randomBytes } from "node:crypto";
import { fsyncSync, mkdirSync, openSync, closeSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";

const KB = 1024;
const MB = 1024 * 1024;

/** Large files that are read from the disk, and by how many the row of cold files goes round. */
export const COLD_FILES = 4;

/** Files of a listing. */
export const LISTED_FILES = 100;

/** Fills `folder`. The files of 100 MB, 500 MB in all, only when `large`. */
export function makeMaterial(folder: string, large: boolean): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "1kb.html"), text(KB));
  writeFileSync(path.join(folder, "10kb.html"), text(10 * KB));
  writeFileSync(path.join(folder, "1mb.bin"), randomBytes(MB));
  mkdirSync(path.join(folder, "list"));
  for (let at = 0; at < LISTED_FILES; at += 1) {
    writeFileSync(path.join(folder, "list", `file-${two(at)}.html`), text(at));
  }
  for (let at = 0; at < 100; at += 1) {
    const below = path.join(folder, "many", two(at));
    mkdirSync(below, { recursive: true });
    for (let file = 0; file < 100; file += 1) {
      writeFileSync(path.join(below, `${two(file)}.html`), text(KB));
    }
  }
  if (!large) return;
  writeLarge(path.join(folder, "100mb.bin"));
  for (let at = 0; at < COLD_FILES; at += 1) writeLarge(path.join(folder, `cold-${at}.bin`));
}

// Flushed, since the kernel forgets only what is on the disk.
function writeLarge(file: string): void {
  const descriptor = openSync(file, "w");
  try {
    const block = randomBytes(MB);
    for (let at = 0; at < 100; at += 1) writeSync(descriptor, block);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function text(bytes: number): string {
  return "All day the shade goes round the columns.\n"
    .repeat(Math.ceil(bytes / 42))
    .slice(0, bytes);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
