import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import { shownError } from "./shown-error.ts";

const fails = (): never => {
  throw new Error("no");
};

test("an error is shown with its stack and its cause", () => {
  const shown = shownError(new Error("outer", { cause: new TypeError("inner") }));
  assert.match(shown, /^Error: outer\n {4}at .*shown-error/);
  assert.match(shown, /TypeError: inner/);
});

test("one that fails at inspecting itself is shown without that", () => {
  const error = Object.assign(new Error("why"), { [inspect.custom]: fails });
  assert.match(shownError(error), /^Error: why\n {4}at /);
});

test("one that nothing can look at is shown as such", () => {
  const error = { constructor: new Proxy(Object, { get: fails }) };
  assert.equal(shownError(error), "an error that can't be shown");
});
