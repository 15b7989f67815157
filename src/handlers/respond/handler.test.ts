import assert from "node:assert/strict";
import { test } from "node:test";
import { Reply } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { respondHandler } from "./handler.ts";

function answerOf(status: number, body: string, type: string): Reply {
  const answer = respondHandler({ status, body, type })(exchangeOf({ method: "POST" }));
  assert.ok(answer instanceof Reply);
  return answer;
}

test("the answer has the configured status, and the body as UTF-8", () => {
  const answer = answerOf(410, "Gône.", "text/plain");
  assert.equal(answer.status, 410);
  assert.deepEqual(answer.fields, [["Content-Type", "text/plain; charset=utf-8"]]);
  assert.deepEqual(answer.body, Buffer.from("Gône."));
});

for (const [type, expected] of [
  ["TEXT/html", "TEXT/html; charset=utf-8"],
  ["text/plain; format=flowed", "text/plain; format=flowed; charset=utf-8"],
  ["text/plain;Charset=ascii", "text/plain;Charset=ascii"],
  ["application/json", "application/json"],
] as const) {
  test(`a body of type ${type} is sent as ${expected}`, () => {
    assert.deepEqual(answerOf(200, "x", type).fields, [["Content-Type", expected]]);
  });
}

for (const status of [204, 205, 304]) {
  test(`status ${status} has no body, whatever the config says`, () => {
    const answer = answerOf(status, "text", "text/plain");
    assert.equal(answer.body, null);
    assert.deepEqual(answer.fields, []);
  });
}
