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

test("a refusal of the handler's names none that does not come through", async () => {
  const refusal = new Failure("methodNotAllowed", "POST", [["Allow", "GET, HEAD, PUT, OPTIONS"]]);
  const filter = methodsFilter(["GET", "POST"]);
  for (const answer of [refusal, Promise.resolve(refusal)]) {
    const narrowed = await filter(() => answer)(exchangeOf({ method: "POST" }));
    assert.deepEqual(narrowed.fields, [["Allow", "GET, HEAD, OPTIONS"]]);
  }
});
