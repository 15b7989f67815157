import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import { Failure } from "../../base/failure.ts";
import { Refused } from "../../http/refused.ts";
import { AppRefused, orRefused } from "./app-refused.ts";

const STATUSES: readonly [code: string, status: number][] = [
  ["bodyTooLarge", 413],
  ["bodyTimeout", 408],
  ["bodyCut", 400],
  ["chunkMalformed", 400],
  ["partHeadTooLarge", 431],
  ["notMultipart", 415],
  ["nameTaken", 409],
  ["storageFull", 507],
  ["rangeNotSatisfiable", 416],
  ["toString", 400],
];
for (const [code, status] of STATUSES) {
  test(`a framework that catches all errors answers ${code} by ${status}`, async () => {
    const app = new Hono();
    const failure = new Failure(code, "secret", [["X-Field", "1"]]);
    app.get("/", () => orRefused<Response>(failure));
    const answer = await app.request("/");
    assert.deepEqual([answer.status, answer.headers.get("x-field")], [status, "1"]);
    assert.doesNotMatch(await answer.text(), /secret/);
  });
}

test("what is no failure is handed on, and what is one is told from a bug", () => {
  assert.equal(orRefused("a"), "a");
  const failure = new Failure("nameTaken", "a");
  assert.throws(
    () => orRefused(failure),
    (error) => error instanceof Refused && error instanceof AppRefused && error.failure === failure,
  );
});
