// What a text may not mention: one person's folders, one machine's registry, pages that are gone.
import path from "node:path";
import { linesOf } from "../checkout.ts";

/** An absolute path into somebody's home or working folder. */
const MACHINE_PATH = /(?<![\w.$~-])\/(?:work|root|home|Users)\/[\w.-]+/u;
const LINK = /\]\(([^)\s]+)\)/gu;

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
  return [...withoutCode(text).matchAll(LINK)].flatMap(([, link]) => {
    if (/^[a-z]+:/u.test(link!)) return [];
    const [target, heading] = link!.split("#") as [string, string?];
    const page = target === "" ? file : path.normalize(path.join(path.dirname(file), target));
    const found = textOf(page);
    if (found === null) return [`${file}: ${link}: no such file`];
    if (heading === undefined || headingsOf(found).includes(heading)) return [];
    return [`${file}: ${link}: no such heading in ${page}`];
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
