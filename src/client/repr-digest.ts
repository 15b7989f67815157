// What a server says of a representation's SHA-256 (RFC 9530 §3): a dictionary of byte sequences,
// `sha-256=:…:, sha-512=:…:`. Of members of one name the last counts (RFC 8941 §4.2.2); what is
// malformed is no digest, and never a difference.
const MEMBER = /^[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \t]*(?:;[^,]*)?$/;

/** What to ask with; servers that know the field answer with the digest. */
export const WANT_SHA256 = ["Want-Repr-Digest", "sha-256=10"] as const;

/** In hexadecimal; null when `field` has none. */
export function sha256In(field: string | null): string | null {
  let found: string | null = null;
  for (const member of (field ?? "").split(",")) {
    const base64 = MEMBER.exec(member)?.[1];
    if (base64 !== undefined) found = Buffer.from(base64, "base64").toString("hex");
  }
  return found;
}
