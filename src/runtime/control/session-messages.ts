// What `portico session list` and `end` ask, and are answered.
import { DIGEST_START, type SessionList, type WhichSessions } from "../sessions/index.ts";

export interface SessionsRequest {
  readonly command: "sessions";
  /** Of this user alone; null: of everybody. */
  readonly user: string | null;
}

export interface EndSessionsRequest {
  readonly command: "endSessions";
  readonly which: WhichSessions;
}

export interface SessionsAnswer extends SessionList {
  readonly ok: true;
}

export interface EndSessionsAnswer {
  readonly ok: true;
  readonly ended: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The request that `fields` are, or in words why they are none; as the other. */
export function parseSessions({ user = null }: Fields): SessionsRequest | string {
  if (user === null || typeof user === "string") return { command: "sessions", user };
  return "the user is a text, or null";
}

export function parseEndSessions({ which }: Fields): EndSessionsRequest | string {
  const { user, digest, all } = (
    typeof which === "object" && which !== null ? which : {}
  ) as Fields;
  const command = "endSessions";
  if (typeof user === "string" && digest === undefined && all === undefined) {
    return { command, which: { user } };
  }
  if (typeof digest === "string" && user === undefined && all === undefined) {
    if (!DIGEST_START.test(digest)) return "the digest is 8 to 64 hexadecimal digits";
    return { command, which: { digest } };
  }
  if (all === true && user === undefined && digest === undefined) {
    return { command, which: { all } };
  }
  return "which sessions are to end is said by one of user, digest and all";
}
