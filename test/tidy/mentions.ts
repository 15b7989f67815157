// What a text may not mention: one person's folders, one machine's registry, pages that are gone.
import path from "node:path";
import { linesOf } from "../checkout.ts";

/** An absolute path into somebody's home. */
const MACHINE_PATH = /(?<![\w.$~-])\/(?:root|home|Users)\/[\w.-]+/u;

/** The forms of a link: `](a.md "title")`, `](<a b.md>)`, `[name]: a.md`, `<img src="a.png">`. */
const LINKS = [
  /\]\(\s*(?:<(?<angled>[^>\n]*)>|(?<plain>[^)\s]+))(?:\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*\)/gu,
  /^ {0,3}\[[^\]\n]+\]:\s*(?:<(?<angled>[^>\n]*)>|(?<plain>\S+))/gmu,
  /<\w[^>]*?\s(?:src|href|srcset|poster)\s*=\s*(?:"(?<angled>[^"]*)"|(?<plain>[^\s"'>]+))/giu,
];
/** `[text][name]` and `[name][]`, whose target stands elsewhere on the page. */
const REFERENCE = /\[(?<text>[^\]\n]+)\]\[(?<name>[^\]\n]*)\]/gu;

export function machinePaths(file: string, text: string): string[] {
  return linesOf(text).flatMap((line, index) => {
    const found = MACHINE_PATH.exec(line)?.[0];
    if (found === undefined) return [];
    return [`${file}:${index + 1}: ${found} is on one machine only: write a relative path`];
  });
}

/** Relative links of a Markdown page whose file or heading is missing. */
export function deadLinks(
  file: string,
  text: string,
  textOf: (file: string) => string | null,
): string[] {
  const prose = withoutCode(text);
  const complaints = undefinedReferences(prose).map((name) => `${file}: [${name}]: leads nowhere`);
  for (const link of linksIn(prose)) {
    if (/^[a-z]+:/u.test(link)) continue;
    const [target, heading] = link.split("#") as [string, string?];
    const page = target === "" ? file : path.normalize(path.join(path.dirname(file), target));
    const found = textOf(page);
    if (found === null) complaints.push(`${file}: ${link}: no such file`);
    else if (heading !== undefined && !headingsOf(found).includes(heading)) {
      complaints.push(`${file}: ${link}: no such heading in ${page}`);
    }
  }
  return complaints;
}

function linksIn(prose: string): string[] {
  return LINKS.flatMap((form) =>
    [...prose.matchAll(form)].map(({ groups }) => (groups!["angled"] ?? groups!["plain"])!),
  );
}

function undefinedReferences(prose: string): string[] {
  const defined = [...prose.matchAll(/^ {0,3}\[([^\]\n]+)\]:/gmu)].map(([, name]) => name!);
  const known = new Set(defined.map((name) => name.toLowerCase()));
  return [...prose.matchAll(REFERENCE)]
    .map(({ groups }) => (groups!["name"] === "" ? groups!["text"]! : groups!["name"]!))
    .filter((name) => !known.has(name.toLowerCase()));
}

/** Decisions that the list of them leaves out, or calls by another title than their page does. */
export function unlistedDecisions(list: string, pages: ReadonlyMap<string, string>): string[] {
  return [...pages].flatMap(([name, page]) => {
    const title = /^# (.*)$/mu.exec(page)?.[1] ?? "";
    const row = `| [${name.slice(0, 4)}](${name}) | ${title} |`;
    return list.split("\n").includes(row) ? [] : [`docs/decisions/README.md: lacks ${row}`];
  });
}

/** A lockfile that names a registry works only where that registry is reached. */
export function registryComplaints(lockfile: string): string[] {
  const hosts = lockfile.match(/"resolved": "https?:\/\/[^/"]+/gu) ?? [];
  return [...new Set(hosts)].map(
    (host) =>
      `package-lock.json: ${host}": npm leaves it out with .npmrc as it is: run npm install`,
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gmu, "").replaceAll(/`[^`\n]*`/gu, "");
}

// As code hosts make them: lower case, without punctuation, blanks to hyphens.
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gmu)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, "")
      .replaceAll(/\s/gu, "-"),
  );
}
