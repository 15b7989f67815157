import assert from "node:assert/strict";
import { test } from "node:test";
import { signed, verified } from "./signed-values.ts";

const SECRET = "a secret that only the server knows";
const text = signed("v.1", SECRET);

test("what was signed is verified, by any of the secrets", () => {
  assert.match(text, /^v\.1\.[A-Za-z0-9_-]{43}$/);
  assert.equal(verified(text, [SECRET]), "v.1");
  assert.equal(verified(text, ["a newer one", SECRET]), "v.1");
  assert.equal(verified(signed("", SECRET), [SECRET]), "");
});

const seal = text.slice(4);
const otherEnd = String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
const lastBitSet = `${text.slice(0, -1)}${otherEnd}`;
const TAMPERED = [
  "",
  ".",
  "v.1",
  "v.1.",
  `v.2.${seal}`,
  `v.1${seal}`,
  `.${seal}`,
  `v.1.${seal}=`,
  `v.1.${seal.slice(1)}`,
  `v.1.${seal.slice(0, -1)}`,
  `v.1.${seal.toUpperCase()}`,
  `${text}.`,
  ` ${text}`,
  `${text} `,
  lastBitSet,
  `v.1.${"é".repeat(43)}`,
];
for (const tampered of TAMPERED) {
  test(`${JSON.stringify(tampered)} is not`, () => {
    assert.equal(verified(tampered, [SECRET]), null);
  });
}

test("another secret verifies nothing, nor do none", () => {
  assert.equal(verified(text, ["another"]), null);
  assert.equal(verified(text, []), null);
});
