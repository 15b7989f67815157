import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { Reply } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { methodsFilter } from "./filter.ts";

const handled = new Reply(200);

for (const method of ["GET", "HEAD", "POST"]) {
  test(`${method} passes where GET and POST are named`, () => {
    const filter = methodsFilter(["GET", "POST"]);
    assert.equal(filter(() => handled)(exchangeOf({ method })), handled);
  });
}

for (const [method, code] of [
  ["PUT", "methodNotAllowed"],
  ["TRACE", "methodNotAllowed"],
  ["BREW", "methodUnknown"],
] as const) {
  test(`${method} never reaches the handler where GET and POST are named`, () => {
    const answer = methodsFilter(["GET", "POST"])(() => assert.fail())(exchangeOf({ method }));
    assert.ok(answer instanceof Failure);
    assert.equal(answer.code, code);
  });
}
