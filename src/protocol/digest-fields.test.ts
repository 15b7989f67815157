import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { digestField, parseDigests, wantsSha256 } from "./digest-fields.ts";

const SHA256 = createHash("sha256").update("a").digest();
const SHA512 = createHash("sha512").update("a").digest();
const ONE = `sha-256=:${SHA256.toString("base64")}:`;
const OTHER = `sha-512=:${SHA512.toString("base64")}:`;

test("a digest is written as it is read", () => {
  assert.equal(digestField(SHA256), ONE);
  assert.deepEqual(parseDigests(digestField(SHA256)), new Map([["sha-256", SHA256]]));
});

const READ: readonly [value: string, names: string[]][] = [
  [`${ONE}, ${OTHER}`, ["sha-256", "sha-512"]],
  [`${ONE},\t${OTHER} `, ["sha-256", "sha-512"]],
  [`${ONE};a=1, ${OTHER}`, ["sha-256", "sha-512"]],
  [`md5=:AAAA:, ${ONE}`, ["sha-256"]],
  ["unixsum=:AAAA:", []],
  ["", []],
];
for (const [value, names] of READ) {
  const what = names.join(" and ") || "nothing known";
  test(`${JSON.stringify(value.slice(0, 40))} names ${what}`, () => {
    assert.deepEqual([...parseDigests(value)!.keys()], names);
  });
}

test("of two digests by one algorithm the last counts", () => {
  const zeros = `sha-256=:${Buffer.alloc(32).toString("base64")}:`;
  assert.deepEqual(parseDigests(`${zeros}, ${ONE}`)!.get("sha-256"), SHA256);
});

const MALFORMED = [
  "sha-256",
  "sha-256=",
  "sha-256=abc",
  "sha-256=::",
  "sha-256=:AAAA:",
  "sha-256=:AA AA:",
  'sha-256="AAAA"',
  "sha-256=5",
  `SHA-256=${ONE.slice(8)}`,
  `${ONE} ${OTHER}`,
  `=${ONE}`,
  ONE.slice(0, -1),
];
for (const value of MALFORMED) {
  test(`${JSON.stringify(value.slice(0, 40))} is no digest field`, () => {
    assert.equal(parseDigests(value), null);
  });
}

const WANTED: readonly [value: string | null, wanted: boolean][] = [
  ["sha-256=10", true],
  ["sha-512=3, sha-256=1", true],
  ["sha-256=0", false],
  ["sha-512=10", false],
  ["sha-256", false],
  ["sha-256=:AAAA:", false],
  ["sha-256=-1", false],
  ["", false],
  [null, false],
];
for (const [value, wanted] of WANTED) {
  test(`Want-Repr-Digest ${JSON.stringify(value)} wants ${wanted ? "one" : "none"}`, () => {
    assert.equal(wantsSha256(value), wanted);
  });
}
