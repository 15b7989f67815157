import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { exchangeOf } from "../testing/index.ts";
import { Reply, type Answer } from "./exchange/index.ts";
import { guardMethods, METHOD_FAILURES } from "./methods.ts";
import type { Methods } from "./room.ts";

const handled = new Reply(200);

function ask(methods: Methods, method: string): Answer | Promise<Answer> {
  return guardMethods(methods, () => handled)(exchangeOf({ method }));
}

function allowOf(answer: Answer | Promise<Answer>): string | undefined {
  assert.ok(answer instanceof Reply || answer instanceof Failure);
  return answer.fields.find(([name]) => name === "Allow")?.[1];
}

for (const [methods, method] of [
  [["GET"], "GET"],
  [["GET"], "HEAD"],
  [["POST", "OPTIONS"], "OPTIONS"],
  [["BREW"], "BREW"],
  ["any", "PATCH"],
  ["any", "OPTIONS"],
  ["any", "BREW"],
] as const) {
  test(`${method} reaches a handler of ${methods}`, () => {
    assert.equal(ask(methods, method), handled);
  });
}

for (const [methods, method, allow] of [
  [["GET"], "POST", "GET, HEAD, OPTIONS"],
  [["GET", "HEAD"], "DELETE", "GET, HEAD, OPTIONS"],
  [["POST"], "GET", "POST, OPTIONS"],
  [["POST"], "HEAD", "POST, OPTIONS"],
  [["GET"], "PROPFIND", "GET, HEAD, OPTIONS"],
  [["GET"], "TRACE", "GET, HEAD, OPTIONS"],
  [["GET", "TRACE"], "TRACE", "GET, HEAD, OPTIONS"],
  [[], "GET", "OPTIONS"],
  ["any", "TRACE", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
  ["any", "CONNECT", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"],
] as const) {
  test(`${method} is not allowed for a handler of [${methods}], which says ${allow}`, () => {
    const answer = ask(methods, method);
    assert.ok(answer instanceof Failure);
    assert.equal(answer.code, "methodNotAllowed");
    assert.equal(METHOD_FAILURES.methodNotAllowed.status, 405);
    assert.equal(allowOf(answer), allow);
  });
}

for (const method of ["BREW", "get", "Get", "PRI", "GETT", "__proto__"]) {
  test(`${method} is a method that nobody knows`, () => {
    const answer = ask(["GET"], method);
    assert.ok(answer instanceof Failure);
    assert.equal(answer.code, "methodUnknown");
    assert.equal(METHOD_FAILURES.methodUnknown.status, 501);
    assert.equal(allowOf(answer), undefined);
  });
}

test("OPTIONS is answered without the handler, and says what it takes", () => {
  const answer = ask(["GET", "PUT"], "OPTIONS");
  assert.ok(answer instanceof Reply);
  assert.equal(answer.status, 204);
  assert.equal(answer.body, null);
  assert.equal(allowOf(answer), "GET, HEAD, PUT, OPTIONS");
});
