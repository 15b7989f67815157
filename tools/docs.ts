// Writes the reference pages that are made from the program itself. `npm run docs` brings them up
// to date; a test compares them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { FailureTable } from "../src/base/failure.ts";
import { jsonSchema, referencePage } from "../src/config/index.ts";
import { BUILT_IN, schemaFor } from "../src/server/index.ts";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));
const FAILURES_PAGE = "docs/reference/failures.md";

export interface Page {
  readonly file: string;
  readonly text: string;
}

/** The pages as they should be, with the remarks that people wrote into them. */
export function generatedPages(): Page[] {
  const json = jsonSchema(schemaFor(BUILT_IN), { title: "portico.toml" });
  const failures = textOf(FAILURES_PAGE) ?? "";
  return [
    { file: "docs/reference/config.md", text: referencePage(schemaFor(BUILT_IN)) },
    { file: "docs/reference/portico.schema.json", text: `${JSON.stringify(json, null, 2)}\n` },
    { file: FAILURES_PAGE, text: failuresPage(BUILT_IN.failures, remarksIn(failures)) },
  ];
}

/** The page of all failures; what `remarks` says of a code stands in its last column. */
export function failuresPage(failures: FailureTable, remarks: ReadonlyMap<string, string>): string {
  const rows = Object.entries(failures)
    .sort(([a, one], [b, other]) => one.status - other.status || (a < b ? -1 : 1))
    .map(([code, { status, message }]) => {
      return `| ${status} | \`${code}\` | ${message} | ${remarks.get(code) ?? ""} |`;
    });
  return `${FAILURES_HEAD}\n${rows.join("\n")}\n`;
}

/** The last column of a page of failures, by code. */
export function remarksIn(page: string): Map<string, string> {
  const rows = page.matchAll(/^\| \d+ \| `(\w+)` \| .* \| (.*) \|$/gmu);
  return new Map([...rows].map(([, code, remark]) => [code!, remark!]));
}

const FAILURES_HEAD = `# Failures

What a client did wrong, or what stood in the way of an answer. Each has a code, which is in the
body of an error answer that is asked for as \`application/problem+json\`. Statuses are those of
[RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15).

\`npm run docs\` writes the first three columns from the program; the last one is kept.

| status | code | what the client reads | when, and what to do |
|---|---|---|---|`;

function textOf(file: string): string | null {
  const full = path.join(CHECKOUT, file);
  return existsSync(full) ? readFileSync(full, "utf8") : null;
}

if (import.meta.main) {
  for (const { file, text } of generatedPages()) {
    if (textOf(file) === text) continue;
    mkdirSync(path.dirname(path.join(CHECKOUT, file)), { recursive: true });
    writeFileSync(path.join(CHECKOUT, file), text);
    console.log(`wrote ${file}`);
  }
}
