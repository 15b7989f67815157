// A line of a program's head (RFC 3875 §6.3.1), without its end:
//
//   name: [blanks] value [blanks]          or, as the first one, HTTP/1.x NNN [reason]
//
// A line that is neither is most often what the program had to complain of, so the failure quotes
// it.
import { Failure } from "../../base/failure.ts";
import { consistsOf, isToken, trimBlanks, VALUE } from "../characters.ts";
import type { CgiFailure } from "./failures.ts";

const QUOTED_MAX = 200;
const VERSION = /^HTTP\/1\.\d /u;
const STATUS = /^[2-5]\d\d(?=$|[ \t])/u;

/** A field line: its name, and its value without outer blanks. `line` is latin1 text. */
export function readField(line: string): [name: string, value: string] | CgiFailure {
  const colon = line.indexOf(":");
  const name = line.slice(0, Math.max(colon, 0));
  if (!isToken(name)) return malformed(`no field: ${quoted(line)}`);
  const value = trimBlanks(line.slice(colon + 1));
  if (!consistsOf(value, VALUE)) return malformed(`control characters: ${quoted(line)}`);
  return [name, value];
}

/**
 * The status of a line such as servers send, which programs that were written for "non-parsed
 * headers" begin with; null where `line` is none.
 */
export function readStatusLine(line: string): number | null | CgiFailure {
  return VERSION.test(line) ? readStatus(line.slice("HTTP/1.1 ".length)) : null;
}

/** The status in `NNN [reason]`. No interim ones: a program gives one answer. */
export function readStatus(text: string): number | CgiFailure {
  const digits = STATUS.exec(text)?.[0];
  if (digits === undefined || !consistsOf(text, VALUE)) return malformed(`status ${quoted(text)}`);
  return Number(digits);
}

/** `text` in quotes, bounded, without what could fool who reads it in a log. */
export function quoted(text: string): string {
  const shown = text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text;
  return JSON.stringify(shown);
}

function malformed(detail: string): CgiFailure {
  return new Failure("cgiHeadMalformed", detail);
}
