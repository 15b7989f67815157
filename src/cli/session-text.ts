// Sessions as `portico session` shows them to people.
import { printable } from "../config/index.ts";
import type { ListedSession, SessionList } from "../runtime/index.ts";
import { durationText, sizeText } from "./control-text.ts";

/** Enough to tell one of millions by; all 64 are in the JSON. */
const DIGEST_LENGTH = 16;
const TITLES = ["id (SHA-256)", "user", "made", "used", "ends in", "size"];

/** A line each, the one that was used last first. */
export function sessionsText({ sessions, total }: SessionList, nowMs: number): string {
  if (total === 0) return "no sessions\n";
  const table = [TITLES, ...sessions.map((session) => rowOf(session, nowMs))];
  const widths = TITLES.map((_, at) => Math.max(...table.map((row) => row[at]!.length)));
  const lines = table.map((row) => row.map((cell, at) => cell.padEnd(widths[at]!)).join("  "));
  const left = total - sessions.length;
  if (left > 0) lines.push(`and ${left} more`);
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

export function endedText(count: number): string {
  return `ended ${count} session${count === 1 ? "" : "s"}\n`;
}

function rowOf(session: ListedSession, nowMs: number): string[] {
  const { digest, user, createdMs, usedMs, expiresMs, bytes } = session;
  const ago = (ms: number): string => `${durationText((nowMs - ms) / 1000)} ago`;
  return [
    digest.slice(0, DIGEST_LENGTH),
    // A stranger is no user that is called so.
    user === null ? "-" : printable(JSON.stringify(user)),
    ago(createdMs),
    ago(usedMs),
    durationText((expiresMs - nowMs) / 1000),
    sizeText(bytes),
  ];
}
