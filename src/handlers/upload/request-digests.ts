// What a request says of its own content, in Content-Digest or Repr-Digest (RFC 9530): hashed as it
// comes and compared at its end. A request without these fields costs nothing.
import { createHash, type Hash } from "node:crypto";
import { Failure } from "../../base/failure.ts";
import { DIGEST_ALGORITHMS, parseDigests, type Fields } from "../../protocol/index.ts";

const FIELDS = ["content-digest", "repr-digest"];

interface Expected {
  readonly field: string;
  readonly digest: Uint8Array;
  readonly hash: Hash;
}

export class RequestDigests {
  readonly #expected: readonly Expected[];

  private constructor(expected: readonly Expected[]) {
    this.#expected = expected;
  }

  /** `digestMalformed` where a field can't be read: whoever wrote it means to have it checked. */
  static of(fields: Fields): RequestDigests | Failure {
    const expected: Expected[] = [];
    for (const field of FIELDS) {
      const value = fields.get(field);
      if (value === null) continue;
      const digests = parseDigests(value);
      if (digests === null) return new Failure("digestMalformed", `${field}: ${value}`);
      for (const [algorithm, digest] of digests) {
        expected.push({ field, digest, hash: createHash(DIGEST_ALGORITHMS.get(algorithm)!) });
      }
    }
    return new RequestDigests(expected);
  }

  update(piece: Uint8Array): void {
    for (const { hash } of this.#expected) hash.update(piece);
  }

  /** `digestMismatch` where the content is not what a field says. Asked once, at the end. */
  check(): Failure | null {
    for (const { field, digest, hash } of this.#expected) {
      const made = hash.digest();
      if (made.equals(digest)) continue;
      return new Failure("digestMismatch", `${field}: the content has ${made.toString("hex")}`);
    }
    return null;
  }
}
