import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { Reply, type Answer } from "../../http/exchange/index.ts";
import { exchangeOf } from "../../testing/index.ts";
import { headersFilter } from "./filter.ts";

const HEADERS = { "X-Frame-Options": "DENY", "Cache-Control": "no-cache", Vary: "Origin" };
const body = Buffer.from("content");
const reply = new Reply(
  201,
  [
    ["ETag", '"1"'],
    ["cache-control", "max-age=60"],
    ["Vary", "Accept-Encoding"],
  ],
  body,
);
const expected = [
  ["ETag", '"1"'],
  ["Vary", "Accept-Encoding"],
  ["X-Frame-Options", "DENY"],
  ["Cache-Control", "no-cache"],
  ["Vary", "Origin"],
];

function dressed(answer: Answer | Promise<Answer>): Answer | Promise<Answer> {
  return headersFilter(HEADERS)(() => answer)(exchangeOf({}));
}

test("fields take the place of those of the same name, but Vary, which is joined", () => {
  const answer = dressed(reply);
  assert.ok(answer instanceof Reply);
  assert.equal(answer.status, 201);
  assert.equal(answer.body, body);
  assert.deepEqual(answer.fields, expected);
});

test("an answer that comes later is dressed too", async () => {
  const answer = await dressed(Promise.resolve(reply));
  assert.deepEqual(answer.fields, expected);
});

test("a failure carries the fields to its error answer, behind its own", () => {
  const answer = dressed(new Failure("notAllowed", "detail", [["Allow", "GET"]]));
  assert.ok(answer instanceof Failure);
  assert.equal(answer.code, "notAllowed");
  assert.equal(answer.detail, "detail");
  assert.deepEqual(answer.fields, [["Allow", "GET"], ...Object.entries(HEADERS)]);
});

test("what a handler throws is not answered here", async () => {
  const filter = headersFilter(HEADERS);
  assert.throws(() => filter(() => assert.fail("broken"))(exchangeOf({})), /broken/);
  const late = filter(() => Promise.reject(new Error("broken")))(exchangeOf({}));
  await assert.rejects(async () => late, /broken/);
});

test("an answer that is made without the handler gets the fields, too", () => {
  const exchange = exchangeOf({});
  void headersFilter(HEADERS)(() => new Promise(() => undefined))(exchange);
  assert.deepEqual(exchange.answerFields, Object.entries(HEADERS));
});

test("a reply that is given again is the same when it is dressed, another is another", () => {
  const other = new Reply(reply.status, reply.fields, Buffer.from("other"));
  let answer = reply;
  const filtered = headersFilter(HEADERS)(() => answer);
  const first = filtered(exchangeOf({}));
  assert.equal(filtered(exchangeOf({})), first);
  answer = other;
  const second = filtered(exchangeOf({}));
  assert.ok(second instanceof Reply);
  assert.equal(second.body, other.body);
  const elsewhere = headersFilter({ "X-A": "b" })(() => reply)(exchangeOf({}));
  assert.ok(elsewhere instanceof Reply);
  assert.deepEqual(elsewhere.fields.at(-1), ["X-A", "b"]);
});
