// Digest fields (RFC 9530): Content-Digest and Repr-Digest say the hash of what they come with, as
// a dictionary of byte sequences (RFC 9651 §3.2, §3.3.5): `sha-256=:…base64…:`. Want-Repr-Digest
// asks for one, by weights from 0 (not wanted) to 10.

/** The algorithms that are neither deprecated nor unknown here (RFC 9530 §7.2), as Node's names. */
export const DIGEST_ALGORITHMS: ReadonlyMap<string, "sha256" | "sha512"> = new Map([
  ["sha-256", "sha256"],
  ["sha-512", "sha512"],
]);

const DIGEST_BYTES: Readonly<Record<string, number>> = { "sha-256": 32, "sha-512": 64 };

/** One member, up to the comma behind it: a key, what it is, parameters that say nothing here. */
const MEMBER =
  /^([a-z*][a-z0-9_.*-]*)(?:=(:[A-Za-z0-9+/=]*:|[0-9]{1,15}))?(?:;[^,]*)?[ \t]*(?:,[ \t]*|$)/;

/** The value of Repr-Digest or Content-Digest for a SHA-256. */
export function digestField(sha256: Uint8Array): string {
  return `sha-256=:${Buffer.from(sha256).toString("base64")}:`;
}

/**
 * The digests that a field's value names, by algorithm; algorithms that are not known here are left
 * out, of two of one name the last counts (RFC 9651 §3.2). Null where it is no such field.
 */
export function parseDigests(value: string): Map<string, Uint8Array> | null {
  const members = membersOf(value);
  if (members === null) return null;
  const digests = new Map<string, Uint8Array>();
  for (const [algorithm, item] of members) {
    if (!item.startsWith(":")) return null;
    const bytes = DIGEST_BYTES[algorithm];
    if (bytes === undefined) continue;
    const digest = Buffer.from(item.slice(1, -1), "base64");
    if (digest.length !== bytes) return null;
    digests.set(algorithm, digest);
  }
  return digests;
}

/** Whether a Want-Repr-Digest would have a SHA-256. What can't be read wants nothing. */
export function wantsSha256(value: string | null): boolean {
  if (value === null) return false;
  return Number(membersOf(value)?.get("sha-256") ?? 0) > 0;
}

function membersOf(value: string): Map<string, string> | null {
  const members = new Map<string, string>();
  for (let rest = value.trim(); rest !== "";) {
    const found = MEMBER.exec(rest);
    if (found === null) return null;
    members.set(found[1]!, found[2] ?? "");
    rest = rest.slice(found[0].length);
  }
  return members;
}
