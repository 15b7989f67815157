// Keys that all routes to programs have.
import { duration, flag, integer, list, path, record, text } from "../../config/index.ts";
import { SLOTS_MAX, WAITING_MAX } from "../../runtime/index.ts";
import { indexComplaint } from "../name-checks.ts";

function variableComplaint(name: string): string | null {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
    ? null
    : "a variable's name is made of letters, digits and `_`, such as PROJECT_ROOT";
}

function valueComplaint(value: string): string | null {
  return value.includes("\0") ? "no variable holds a NUL" : null;
}

/** `fallback`: names of scripts that stand for their folder. */
export function indexOption(fallback: readonly string[]) {
  const name = text({ doc: "A file's name.", check: indexComplaint, example: fallback[0]! });
  return list(name, {
    doc: "What a request for a folder runs: the first of these files that is there.",
    fallback,
  });
}

export const programOptions = {
  env: record(text({ doc: "A variable's value.", check: valueComplaint, example: "/srv/git" }), {
    doc: "Variables for the program, before any other of their name.",
    fallback: {},
    example: { GIT_PROJECT_ROOT: "/srv/git" },
    key: variableComplaint,
  }),
  passAuthorization: flag({
    doc: "Hand Authorization on, for programs that check passwords themselves.",
    fallback: false,
  }),
  concurrency: integer({
    doc: "How many requests programs of this route answer at once, in the whole server.",
    fallback: 16,
    min: 1,
    max: SLOTS_MAX,
  }),
  queue: integer({
    doc: "How many requests may wait for their turn; beyond it 503.",
    fallback: 256,
    min: 0,
    max: WAITING_MAX,
  }),
  queueWait: duration({
    doc: "How long a request waits for its turn; then 503.",
    fallback: "30s",
    min: "1ms",
    max: "365d",
  }),
  followLinks: flag({ doc: "Run scripts that links out of the folder lead to.", fallback: false }),
  sendFiles: list(path({ doc: "A folder.", kind: "folder", exists: true, example: "files" }), {
    doc:
      "Folders whose files the program may name in `X-Sendfile`, to be sent by the server. Files " +
      "of the site's other routes it names by their path, in `X-Accel-Redirect`.",
    fallback: [],
    example: ["files"],
  }),
};
