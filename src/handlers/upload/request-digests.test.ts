import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { fieldsOf } from "../../testing/index.ts";
import { RequestDigests } from "./request-digests.ts";

function digest(text: string, algorithm = "sha256"): string {
  const name = algorithm === "sha256" ? "sha-256" : "sha-512";
  return `${name}=:${createHash(algorithm).update(text).digest("base64")}:`;
}

/** What is said of "ab", in two pieces, by a request with these fields. */
function outcome(fields: Readonly<Record<string, string>>): string | null {
  const digests = RequestDigests.of(fieldsOf(fields));
  if (digests instanceof Failure) return digests.code;
  digests.update(Buffer.from("a"));
  digests.update(Buffer.from("b"));
  return digests.check()?.code ?? null;
}

const RIGHT = digest("ab");
const WRONG = digest("other");

const ROWS: readonly [fields: Readonly<Record<string, string>>, code: string | null][] = [
  [{}, null],
  [{ "Content-Digest": RIGHT }, null],
  [{ "Repr-Digest": RIGHT }, null],
  [{ "Content-Digest": digest("ab", "sha512") }, null],
  [{ "Content-Digest": `${RIGHT}, ${digest("ab", "sha512")}`, "Repr-Digest": RIGHT }, null],
  [{ "Content-Digest": "md5=:AAAA:" }, null],
  [{ "Content-Digest": WRONG }, "digestMismatch"],
  [{ "Repr-Digest": WRONG }, "digestMismatch"],
  [{ "Content-Digest": RIGHT, "Repr-Digest": WRONG }, "digestMismatch"],
  [{ "Content-Digest": `${RIGHT}, ${digest("a", "sha512")}` }, "digestMismatch"],
  [{ "Content-Digest": digest("") }, "digestMismatch"],
  [{ "Content-Digest": "nonsense" }, "digestMalformed"],
  [{ "Repr-Digest": "sha-256=abc" }, "digestMalformed"],
  [{ "Content-Digest": RIGHT, "Repr-Digest": "sha-256=::" }, "digestMalformed"],
];
for (const [fields, code] of ROWS) {
  test(`${JSON.stringify(fields).slice(0, 70)}: ${code ?? "as it says"}`, () => {
    assert.equal(outcome(fields), code);
  });
}
