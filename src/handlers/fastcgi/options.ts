import {
  address,
  either,
  integer,
  list,
  optional,
  path,
  table,
  text,
  type Complaint,
  type Infer,
} from "../../config/index.ts";
import { indexOption, programOptions } from "../../http/gateway/index.ts";
import { suffixComplaint } from "../../http/name-checks.ts";

const program = text({
  doc: "A program by its name on PATH, or by its whole path.",
  check: programComplaint,
  example: "php-cgi",
});
const argument = text({ doc: "A program, or what it is given.", check: argumentComplaint });
const suffix = text({ doc: "The end of a name.", check: suffixComplaint, example: ".php" });

const keys = {
  address: optional(
    address({
      doc: "Where the program listens: `unix:/path` or `host:port`.",
      example: "unix:/run/php/php8.2-fpm.sock",
    }),
  ),
  spawn: optional(
    either([program, list(argument, { doc: "A program and what it is given." })], {
      doc:
        "A program that the server starts, watches and starts anew, in place of `address`: one " +
        "that speaks FastCGI on its standard input, such as `php-cgi`.",
      example: "php-cgi",
    }),
  ),
  workers: integer({
    doc: "How many processes of `spawn` run; each answers one request at a time.",
    fallback: 4,
    min: 1,
    max: 256,
  }),
  root: optional(
    path({ doc: "The folder with the scripts.", kind: "folder", exists: true, example: "public" }),
  ),
  script: optional(
    path({
      doc: "One script for the whole route, in place of `root`.",
      kind: "file",
      exists: true,
      example: "public/index.php",
    }),
  ),
  index: indexOption(["index.php"]),
  suffixes: list(suffix, {
    doc: "How scripts below `root` end, on a route whose path does not say it (`*.php` does).",
    fallback: [".php"],
    example: [".php", ".phtml"],
  }),
  backendRoot: optional(
    text({
      doc: "Where the program sees `root`, if it runs elsewhere: in a container, say.",
      check: backendRootComplaint,
      example: "/var/www/html",
    }),
  ),
  ...programOptions,
};

export const options = table(keys, { whole: wholeComplaints });

export type FastCgiOptions = Infer<typeof options>;

interface Seen {
  readonly address?: unknown;
  readonly spawn?: unknown;
  readonly root?: string | undefined;
  readonly script?: string | undefined;
  readonly backendRoot?: string | undefined;
}

function wholeComplaints({ address: where, spawn, root, script, backendRoot }: Seen): Complaint[] {
  if (where !== undefined && spawn !== undefined) {
    return [{ message: "a route has either `address` or `spawn`", path: ["spawn"], onKey: true }];
  }
  if (where === undefined && spawn === undefined) {
    const message = "name an `address` where a program listens, or a program to `spawn`";
    return [{ message, path: [] }];
  }
  if (root !== undefined && script !== undefined) {
    return [{ message: "a route has either `root` or `script`", path: ["script"], onKey: true }];
  }
  if (backendRoot !== undefined && root === undefined) {
    const message = "`backendRoot` says where `root` is: name that, too";
    return [{ message, path: ["backendRoot"], onKey: true }];
  }
  return Array.isArray(spawn) && spawn.length === 0
    ? [{ message: "name a program", path: ["spawn"] }]
    : [];
}

function programComplaint(name: string): string | null {
  const complaint = argumentComplaint(name);
  if (complaint !== null) return complaint;
  if (name === "") return "name a program";
  if (name.includes(" ")) return 'write what it is given as a list: ["php-cgi", "-n"]';
  return name.startsWith("/") || !name.includes("/") ? null : "a program's path is to be absolute";
}

function argumentComplaint(argument: string): string | null {
  return argument.includes("\0") ? "no argument holds a NUL" : null;
}

function backendRootComplaint(folder: string): string | null {
  if (folder.includes("\0")) return "no path holds a NUL";
  return folder.startsWith("/") ? null : "a path of the program's machine is to be absolute";
}
