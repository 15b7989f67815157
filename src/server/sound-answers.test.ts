import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { Reply, type Handler } from "../http/exchange/index.ts";
import { exchangeOf } from "../testing/index.ts";
import { soundAnswers } from "./sound-answers.ts";

const FAILURES = { known: { status: 418, message: "Known." } };
const handler = (answer: unknown): Handler => soundAnswers((() => answer) as Handler, FAILURES);

for (const answer of [
  new Reply(200),
  new Reply(200, [], new Uint8Array(1)),
  new Failure("known"),
]) {
  test(`${answer.constructor.name} goes through at once`, () => {
    assert.equal(handler(answer)(exchangeOf({})), answer);
  });
}

test("a promise of an answer goes through, whoever made it", async () => {
  const reply = new Reply(204);
  assert.equal(await handler(Promise.resolve(reply))(exchangeOf({})), reply);
  // oxlint-disable-next-line unicorn/no-thenable -- as a library of promises makes them
  const thenable = { then: (resolve: (value: unknown) => void) => resolve(reply) };
  const answer = handler(thenable)(exchangeOf({}));
  assert.ok(answer instanceof Promise);
  assert.equal(await answer, reply);
});

for (const [what, answer, words] of [
  ["nothing", undefined, /not with undefined/],
  ["null", null, /not with null/],
  ["a text", "hi", /not with a string/],
  ["a Response", new Response("hi"), /not with a Response/],
  ["what looks like a Reply", { status: 200, fields: [], body: null }, /not with a Object/],
  ["a failure that nobody knows", new Failure("unknown"), /called "unknown"/],
  ["a failure of no room", new Failure("constructor"), /called "constructor"/],
] as const) {
  test(`${what} throws, now or later`, async () => {
    assert.throws(() => handler(answer)(exchangeOf({})), words);
    await assert.rejects(async () => handler(Promise.resolve(answer))(exchangeOf({})), words);
  });
}

test("what a handler throws is its own", async () => {
  const error = new Error("thrown");
  const throwing = soundAnswers(() => {
    throw error;
  }, FAILURES);
  assert.throws(() => throwing(exchangeOf({})), error);
  await assert.rejects(async () => handler(Promise.reject(error))(exchangeOf({})), error);
});
