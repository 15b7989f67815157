// Where the access log goes: "off", "stderr", or a path. A word that was meant as one of the two
// would be a file of that name, found months later.
import { nearest } from "../config/index.ts";

const WORDS: ReadonlySet<string> = new Set(["off", "stderr"]);

const MEANT: ReadonlyMap<string, string> = new Map([
  ["-", "/dev/stdout"],
  ["stdout", "/dev/stdout"],
  ...["none", "no", "false", "null", "disabled"].map((word) => [word, "off"] as const),
  ...["on", "yes", "true", "console"].map((word) => [word, "stderr"] as const),
]);

/** What is wrong with the place as written, in words, or null. */
export function accessLogComplaint(text: string): string | null {
  if (text === "") return 'the access log is "off", "stderr" or a path';
  if (WORDS.has(text) || /[/.]/.test(text)) return null;
  const meant = MEANT.get(text.toLowerCase()) ?? nearest(text, WORDS);
  if (meant === null) return null;
  const shown = JSON.stringify(text);
  const ask = `did you mean "${meant}"? A file of that name is written "./${text}"`;
  return `${shown} is neither "off" nor "stderr"; ${ask}`;
}
