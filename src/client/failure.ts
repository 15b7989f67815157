// Why a transfer did not work, for people and scripts: nobody answers these, so they have no status
// of their own. The other side's mistakes are returned, as everywhere; only ours are thrown.
import { getSystemErrorMessage } from "node:util";

export type ClientFailureCode =
  /** No connection: the name is unknown, nobody listens, the certificate is not trusted. */
  | "unreachable"
  /** Neither side said a thing for too long. */
  | "timedOut"
  /** The connection ended before the answer did. */
  | "cut"
  /** What came is no HTTP/1.1, or is not framed in one way only. */
  | "answerMalformed"
  /** The server says no; `status` is its answer's. */
  | "refused"
  /** A good status that does not say that the file is stored. */
  | "answerUnknown"
  /** The server sends the request elsewhere, and that is not followed. */
  | "redirectRefused"
  /** The file here can't be read. */
  | "fileUnreadable"
  /** The file here was written to, or cut short, while it was read. */
  | "fileChanged"
  /** What the server has is not what was sent; `digests` are both. */
  | "digestDiffers"
  /** The caller's signal. */
  | "aborted";

export interface Digests {
  /** SHA-256 in hexadecimal. */
  readonly here: string;
  readonly there: string;
}

export interface FailureTraits {
  readonly status?: number;
  readonly digests?: Digests;
}

/** `message` is a sentence's worth for people; it may have a peer's text in it: escape it. */
export class ClientFailure {
  readonly code: ClientFailureCode;
  readonly message: string;
  readonly status: number | null;
  readonly digests: Digests | null;

  constructor(code: ClientFailureCode, message: string, traits: FailureTraits = {}) {
    this.code = code;
    this.message = message;
    this.status = traits.status ?? null;
    this.digests = traits.digests ?? null;
  }
}

/** What the system or TLS said, in words. Of several addresses that were tried the last counts. */
export function errorInWords(error: Error): string {
  const last = error instanceof AggregateError ? (error.errors.at(-1) as Error) : error;
  const { errno, code, message } = last as NodeJS.ErrnoException;
  if (code === "ENOTFOUND") return "no machine has that name";
  // OpenSSL's messages have addresses and its own files in them.
  if ("library" in last && "reason" in last) return `TLS: ${String(last.reason)}`;
  if (typeof errno === "number" && errno < 0) {
    const words = getSystemErrorMessage(errno);
    if (!words.startsWith("Unknown")) return words;
  }
  return message || code || "unknown error";
}
