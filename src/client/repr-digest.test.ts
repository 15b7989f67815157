import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { sha256In } from "./repr-digest.ts";

const bytes = createHash("sha256").update("hello").digest();
const base64 = bytes.toString("base64");
const longer = createHash("sha512").update("hello").digest("base64");
const other = createHash("sha256").update("other").digest("base64");

const FOUND = [
  `sha-256=:${base64}:`,
  `sha-512=:${longer}:, sha-256=:${base64}:`,
  ` sha-256=:${base64}:;a=1 , sha-512=:${longer}:`,
  `sha-256=:${base64.replace("=", "")}:`, // padding may be missing (RFC 9651 §4.2.7)
  `sha-256=:${other}:, sha-256=:${base64}:`,
];
for (const field of FOUND) {
  test(`the digest is found in ${field}`, () => {
    assert.equal(sha256In(field), bytes.toString("hex"));
  });
}

const NONE = [
  null,
  "",
  "sha-256",
  "sha-256=1",
  `sha-256=${base64}`,
  `sha-256=:${base64}`,
  `SHA-256=:${base64}:`,
  `sha-256=:${base64.slice(4)}:`,
  `sha-256=:${base64.replaceAll(/[+/]/g, "-").replace("L", "-")}:`,
  `sha-256=:${base64}: x`,
  `id-sha-256=:${base64}:`,
  `sha-512=:${base64}:`,
  `sha-256=::`,
];
for (const field of NONE) {
  test(`there is no digest in ${JSON.stringify(field)}`, () => {
    assert.equal(sha256In(field), null);
  });
}
