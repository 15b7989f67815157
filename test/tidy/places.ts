// Where things belong: tests beside what they test, a README and a door on every part and room.
import { dirname } from "node:path";

/** Parts whose doors are their single files, or which are only there to hold folders. */
const WITHOUT_DOOR = ["src/base", "src/http", "src/handlers", "src/filters", "src/cli"];
const WITHOUT_README = ["src/handlers", "src/filters", "src/testing"];

/** A test far from what it tests, as a complaint; null when `file` is none or stands right. */
export function testComplaint(file: string, text: string, all: ReadonlySet<string>): string | null {
  if (!file.endsWith(".test.ts") || file.startsWith("test/")) return null;
  if (all.has(file.replace(/\.test\.ts$/u, ".ts"))) return null;
  if (/(?:from |import\()"\.\/[^/"]+"/u.test(text)) return null;
  return `${file}: tests no file beside it: move it to what it tests, or below test/`;
}

/** The parts and rooms among `files`: `src/storage`, `src/handlers/static`, `src/http/router`. */
export function partsAmong(files: Iterable<string>): Set<string> {
  const parts = new Set<string>();
  for (const file of files) {
    const [src, part, room] = dirname(file).split("/");
    if (src !== "src" || part === undefined) continue;
    parts.add(`src/${part}`);
    if (room !== undefined && ["handlers", "filters", "http"].includes(part)) {
      parts.add(`src/${part}/${room}`);
    }
  }
  return parts;
}

/** What the part or room lacks. A folder of `http` is explained by the README of `http`. */
export function partComplaints(part: string, files: ReadonlySet<string>): string[] {
  const complaints: string[] = [];
  const explained = WITHOUT_README.includes(part) || part.startsWith("src/http/");
  if (!explained && !files.has(`${part}/README.md`)) {
    complaints.push(`${part}: no README.md: say on one screen what it is for and how it works`);
  }
  if (!WITHOUT_DOOR.includes(part) && !files.has(`${part}/index.ts`)) {
    complaints.push(`${part}: no index.ts: export there what others may use`);
  }
  return complaints;
}
