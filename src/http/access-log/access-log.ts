// One finished request as a line of the access log, without its line end:
//
//   common    192.0.2.7 - - [02/Jan/2026:03:04:05 +0000] "GET /a HTTP/1.1" 200 1234
//   combined  the same, then "referer" "user agent"
//   json      an object with the keys of README.md
//
// Most of it is the client's to choose, so whatever could end a value or a line, or move a
// terminal's cursor, is written out; a line is ASCII. Times are UTC.
import { clfTime } from "./clf-time.ts";
import { asciiJson, quoted, token } from "./escape.ts";

export const ACCESS_FORMATS = ["combined", "common", "json"] as const;
export type AccessFormat = (typeof ACCESS_FORMATS)[number];

/** What is known of one request that was answered, or given up. Field values are latin1 text. */
export interface AccessFacts {
  /** "" on a unix socket. */
  readonly remoteAddress: string;
  /** Who the request was from, where somebody logged in. */
  readonly user?: string | null;
  readonly receivedMs: number;
  readonly durationMs: number;
  readonly id: string;
  /** null where the request's head could not be read. */
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly minorVersion: number;
    readonly host: string;
    readonly referer: string | null;
    readonly userAgent: string | null;
  } | null;
  readonly status: number;
  /** Bytes of content that were sent. */
  readonly bodyBytes: number;
}

export function formatAccess(format: AccessFormat, facts: AccessFacts): string {
  if (format === "json") return jsonLine(facts);
  const line = commonLine(facts);
  if (format === "common") return line;
  const { request } = facts;
  return `${line} "${quoted(request?.referer)}" "${quoted(request?.userAgent)}"`;
}

function commonLine(facts: AccessFacts): string {
  const { request, receivedMs, status, bodyBytes } = facts;
  const who = `${token(addressOf(facts))} - ${token(facts.user)}`;
  const first =
    request === null
      ? "-"
      : quoted(`${request.method} ${request.target} HTTP/1.${request.minorVersion}`);
  return `${who} [${clfTime(receivedMs)}] "${first}" ${status} ${bodyBytes || "-"}`;
}

function jsonLine(facts: AccessFacts): string {
  const { request } = facts;
  return asciiJson({
    time: new Date(facts.receivedMs).toISOString(),
    id: facts.id,
    remoteAddress: addressOf(facts) || null,
    user: facts.user ?? null,
    host: request?.host || null,
    method: request?.method ?? null,
    target: request?.target ?? null,
    protocol: request && `HTTP/1.${request.minorVersion}`,
    status: facts.status,
    bodyBytes: facts.bodyBytes,
    durationMs: Math.round(facts.durationMs * 1000) / 1000,
    referer: request?.referer ?? null,
    userAgent: request?.userAgent ?? null,
  });
}

// A listener of both families names its IPv4 clients in IPv6's form: one client, one name.
function addressOf({ remoteAddress }: AccessFacts): string {
  return remoteAddress.startsWith("::ffff:") ? remoteAddress.slice(7) : remoteAddress;
}
