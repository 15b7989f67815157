// Names that say nothing. A function that fits nowhere says that a noun is missing.

const EMPTY_FILE_NAMES = [
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "misc",
  "shared",
  "stuff",
];

const DECLARATION = /^(?:export )?(?:async )?(?:class|interface|type|function) (\w+)/gmu;
/** Last words that every class could bear. */
const EMPTY_LAST_WORD = /(?:Manager|Service|Helpers?|Utils?|Data|Info)$/u;

/** The part of the path that is an empty word, as a complaint; null when none is. */
export function pathComplaint(file: string): string | null {
  const words = file.split("/").map((part) => part.split(".")[0]!);
  const empty = words.find((word) => EMPTY_FILE_NAMES.includes(word));
  if (empty === undefined) return null;
  return `${file}: "${empty}" names no thing: call the file after its main noun`;
}

/** Complaints about what `text` declares. */
export function declarationComplaints(file: string, text: string): string[] {
  const names = [...text.matchAll(DECLARATION)].map(([, name]) => name!);
  const empty = names.filter((name) => EMPTY_LAST_WORD.test(name));
  return empty.map((name) => `${file}: ${name}: its last word fits everything: say what it is`);
}

/** Files and folders are in kebab-case, as URLs and other people's disks like them. */
export function spellingComplaint(file: string): string | null {
  const parts = file.split("/").filter((part) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/u.test(part));
  if (parts.length === 0) return null;
  return `${file}: "${parts.join(", ")}": write lower case with hyphens`;
}
