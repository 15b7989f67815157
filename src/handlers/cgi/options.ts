import {
  optional,
  path,
  record,
  table,
  text,
  type Complaint,
  type Infer,
} from "../../config/index.ts";
import { indexOption, programOptions } from "../../http/gateway/index.ts";
import { suffixComplaint } from "../../http/name-checks.ts";

const interpreter = text({
  doc: "A program by its name on PATH, or by its whole path.",
  check: programComplaint,
  example: "python3",
});

const keys = {
  root: optional(
    path({ doc: "The folder with the scripts.", kind: "folder", exists: true, example: "cgi-bin" }),
  ),
  script: optional(
    path({
      doc: "One script for the whole route, in place of `root`.",
      kind: "file",
      exists: true,
      example: "/usr/lib/git-core/git-http-backend",
    }),
  ),
  interpreters: record(interpreter, {
    doc:
      "What runs a script, by the end of its name. Other files run by themselves, if they have " +
      "the x bit and begin with `#!` or are programs.",
    fallback: {},
    example: { ".php": "php-cgi", ".py": "python3", ".pl": "perl" },
    key: suffixComplaint,
  }),
  index: indexOption(["index.cgi", "index.php", "index.py", "index.pl"]),
  ...programOptions,
};

export const options = table(keys, { whole: rootOrScript });

export type CgiOptions = Infer<typeof options>;

function rootOrScript({
  root,
  script,
}: {
  root?: string | undefined;
  script?: string | undefined;
}): Complaint[] {
  if (root !== undefined && script !== undefined) {
    return [{ message: "a route has either `root` or `script`", path: ["script"], onKey: true }];
  }
  if (root !== undefined || script !== undefined) return [];
  return [{ message: "this needs a `root` (a folder of scripts) or a `script`", path: [] }];
}

function programComplaint(name: string): string | null {
  if (/^\/[^\0]*[^/\0]$/.test(name) || /^[^/\0\s]+$/.test(name)) return null;
  return 'a program is a name, such as "python3", or a whole path; arguments have no place here';
}
