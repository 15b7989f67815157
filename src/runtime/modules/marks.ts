// Which generation of a module a URL names: a mark in its query. Node keeps a module by its whole
// URL for as long as the thread lives, so that another mark is another module from the same file.
import { fileURLToPath } from "node:url";

const MARK = /([?&])portico=(\d+)(&?)/;
const MARKS = /[?&]portico=\d+(?![\w.])/g;

/** `url` with the mark of `generation`; one that has a mark keeps it. */
export function marked(url: string, generation: number): string {
  if (generationOf(url) !== null) return url;
  const hash = url.indexOf("#");
  const [bare, fragment] = hash < 0 ? [url, ""] : [url.slice(0, hash), url.slice(hash)];
  return `${bare}${bare.includes("?") ? "&" : "?"}portico=${generation}${fragment}`;
}

/** Null: it has no mark. */
export function generationOf(url: string): number | null {
  const match = MARK.exec(url);
  return match === null ? null : Number(match[2]);
}

/** The file that a `file:` URL names, whatever its mark. */
export function fileOf(url: string): string {
  return fileURLToPath(url.replace(/[?#].*$/s, ""));
}

/** `text`, as a stack or a message, with files as people know them. */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARKS, "");
}
