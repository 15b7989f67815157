// What a server says of a representation's SHA-256 (RFC 9530 §3). What is malformed is no digest,
// and never a difference.
import { parseDigests } from "../protocol/index.ts";

/** What to ask with; servers that know the field answer with the digest. */
export const WANT_SHA256 = ["Want-Repr-Digest", "sha-256=10"] as const;

/** In hexadecimal; null when `field` has none. */
export function sha256In(field: string | null): string | null {
  const digest = field === null ? undefined : parseDigests(field)?.get("sha-256");
  return digest === undefined ? null : Buffer.from(digest).toString("hex");
}
