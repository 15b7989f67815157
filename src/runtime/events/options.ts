// `onStored` as a config says it: a piece of schema for any room that stores something.
import {
  duration,
  integer,
  list,
  optional,
  table,
  text,
  type Complaint,
  type Infer,
} from "../../config/index.ts";
import type { Hook } from "./messages.ts";

const given = table(
  {
    run: optional(
      list(text({ doc: "The program, then its arguments. `{path}` is where the file lies." }), {
        doc:
          "A program to run for each file, without a shell, with JSON on standard input: id, " +
          "time, route, name, path, size, type, sha256. Status 0 is success.",
        example: ["/usr/local/bin/scan", "{path}"],
        whole: commandComplaints,
      }),
    ),
    post: optional(
      text({
        doc: "An address to POST the same JSON to. Any 2xx is success; it may come twice.",
        check: addressComplaint,
        example: "https://example.org/stored",
      }),
    ),
    atOnce: integer({ doc: "How many are told at once.", fallback: 4, min: 1, max: 64 }),
    timeout: duration({ doc: "For one try.", fallback: "60s", min: "100ms", max: "1d" }),
  },
  {
    doc:
      "Whom to tell of what was stored, behind the answer. What fails is tried again, later and " +
      "later, for a day, over restarts, too.",
    whole: ({ run, post }) => {
      if (run !== undefined || post !== undefined) return [];
      return [{ path: [], message: "this tells nobody: give it `run` or `post`", onKey: true }];
    },
  },
);

/** For the options of a room. */
export const onStored = optional(given);

export type OnStored = Infer<typeof given>;

/** What `options` ask for, as events carry it. */
export function hookOf({ run, post, atOnce, timeout }: OnStored): Hook {
  return { run: run ?? null, post: post ?? null, atOnce, timeoutMs: timeout };
}

function commandComplaints(command: readonly string[]): Complaint[] {
  const [program] = command;
  if (program === undefined || program === "") {
    return [{ path: [], message: "a command begins with a program" }];
  }
  if (program.includes("{path}")) {
    return [{ path: [0], message: "whoever uploads a file would choose what is run" }];
  }
  if (program.includes("/") && !program.startsWith("/")) {
    return [{ path: [0], message: "a program is an absolute path, or a name that PATH has" }];
  }
  return command.flatMap((argument, index) => {
    if (argument.includes("\0")) return [{ path: [index], message: "an argument has no NUL" }];
    // A shell would read a file's name as commands.
    if (!/^-\w*c$/.test(command[index - 1] ?? "") || !argument.includes("{path}")) return [];
    const better = '`"$1"`, with "sh" and "{path}" as the arguments behind it';
    return [{ path: [index], message: `a file's name may hold commands: write ${better}` }];
  });
}

function addressComplaint(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    return "an address begins with https:// or http://";
  }
  return url.username + url.password === "" ? null : "an address to post to has no user in it";
}
