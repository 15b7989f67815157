// `portico session list` and `end`: the sessions of a running server, seen and ended from outside.
import type { WhichSessions } from "../runtime/index.ts";
import { ask, jsonLine, type ControlCommandOptions } from "./control.ts";
import { EXIT, UsageError } from "./exit-code.ts";
import { endedText, sessionsText } from "./session-text.ts";
import type { Terminal } from "./terminal.ts";

export interface SessionCommandOptions extends ControlCommandOptions {
  readonly user?: string;
  /** The first digits of a digest. */
  readonly id?: string;
  readonly all?: boolean;
}

const DIGITS = /^[0-9a-f]{8,64}$/i;

/** Prints whose sessions there are. Returns what to exit with. */
export async function listSessions(
  options: SessionCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const request = { command: "sessions", user: options.user ?? null } as const;
  const answer = await ask(request, options, terminal);
  if (typeof answer === "number") return answer;
  const { sessions, total } = answer;
  terminal.out(options.json ? jsonLine({ total, sessions }) : sessionsText(answer, Date.now()));
  return EXIT.good;
}

/** Ends some, or all. Returns what to exit with: where `--id` names none, that it failed. */
export async function endSessions(
  options: SessionCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const which = whichOf(options);
  const answer = await ask({ command: "endSessions", which }, options, terminal);
  if (typeof answer === "number") return answer;
  const { ended } = answer;
  const isMissing = "digest" in which && ended === 0;
  if (options.json) terminal.out(jsonLine({ ended }));
  else if (!isMissing) terminal.out(endedText(ended));
  if (isMissing) terminal.err("portico: there is no session of this id (any more)\n");
  return isMissing ? EXIT.failed : EXIT.good;
}

function whichOf({ user, id, all }: SessionCommandOptions): WhichSessions {
  const named = [user, id, all].filter((option) => option !== undefined);
  if (named.length !== 1) {
    throw new UsageError("which sessions are to end: say --user NAME, --id DIGEST or --all");
  }
  if (user !== undefined) return { user };
  if (id === undefined) return { all: true };
  if (DIGITS.test(id)) return { digest: id.toLowerCase() };
  throw new UsageError("--id is what `portico session list` shows: 8 hexadecimal digits or more");
}
