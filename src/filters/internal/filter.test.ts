import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { Reply } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { internalFilter } from "./filter.ts";

const handled = new Reply(200);

for (const method of ["GET", "HEAD", "POST", "OPTIONS", "BREW"]) {
  test(`for a client's ${method} nothing is there`, () => {
    const answer = internalFilter(true)(() => assert.fail())(exchangeOf({ method }));
    assert.ok(answer instanceof Failure);
    assert.equal(answer.code, "notFound");
    assert.deepEqual(answer.fields, []);
  });
}

test("a request that was sent on comes through", () => {
  const dispatch = internalFilter(true)(() => handled);
  assert.equal(exchangeOf({ dispatch }).reroute("/protected/x"), handled);
});

test("a client can't say that it was sent on", () => {
  const fields = { "X-Accel-Redirect": "/protected/x", "X-Original-URL": "/protected/x" };
  const answer = internalFilter(true)(() => assert.fail())(exchangeOf({ fields }));
  assert.ok(answer instanceof Failure);
});

test("`internal = false` is as none", () => {
  assert.equal(internalFilter(false)(() => handled)(exchangeOf({})), handled);
});
