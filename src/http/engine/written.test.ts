import assert from "node:assert/strict";
import { test } from "node:test";
import { asError } from "./written.ts";

test("an error is itself, a text is its message", () => {
  const error = new TypeError("why");
  assert.equal(asError(error), error);
  assert.equal(asError("why").message, "why");
});

const FAILING = new Proxy({}, { getPrototypeOf: () => assert.fail("looked at") });
for (const [what, thrown, message] of [
  ["null", null, /^null$/],
  ["what has no prototype", Object.create(null), /null prototype/],
  ["a symbol", Symbol("why"), /^Symbol\(why\)$/],
  ["an error whose message is a symbol", withMessage(Symbol("why")), /Error/],
  ["an error whose message is an object", withMessage(Object.create(null)), /Error/],
  ["what fails at being looked at", FAILING, /./],
] as const) {
  test(`of ${what} an error is made that has a text`, () => {
    const error = asError(thrown);
    assert.equal(typeof error.message, "string");
    assert.match(error.message, message);
  });
}

function withMessage(message: unknown): Error {
  return Object.assign(new Error(), { message });
}
