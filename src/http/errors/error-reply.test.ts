import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../exchange/index.ts";
import { errorReply, type ErrorFacts } from "./error-reply.ts";

const FACTS: ErrorFacts = {
  accept: null,
  status: 405,
  code: "methodNotAllowed",
  message: "Not <b>this</b> way.",
  id: 'id<"1">',
  fields: [["Allow", "GET"]],
};

function fieldOf(reply: Reply, name: string): string[] {
  const wanted = name.toLowerCase();
  return reply.fields.filter(([one]) => one.toLowerCase() === wanted).map(([, value]) => value);
}

function textOf(reply: Reply): string {
  assert.ok(reply.body instanceof Uint8Array);
  return Buffer.from(reply.body).toString();
}

const page = { bytes: Buffer.from("<h1>Ours</h1>"), type: "text/html; charset=utf-8" };

for (const accept of [null, "text/html", "application/json"]) {
  test(`an answer to ${accept} is not kept, not sniffed, and says its request`, () => {
    const reply = errorReply({ ...FACTS, accept });
    assert.equal(reply.status, 405);
    assert.deepEqual(fieldOf(reply, "allow"), ["GET"]);
    assert.deepEqual(fieldOf(reply, "cache-control"), ["no-store"]);
    assert.deepEqual(fieldOf(reply, "x-content-type-options"), ["nosniff"]);
    assert.deepEqual(fieldOf(reply, "x-request-id"), [FACTS.id]);
    assert.equal(fieldOf(reply, "content-type").length, 1);
  });
}

test("a browser gets a page in which nothing is markup but ours", () => {
  const reply = errorReply({ ...FACTS, accept: "text/html" });
  assert.deepEqual(fieldOf(reply, "content-type"), ["text/html; charset=utf-8"]);
  assert.match(
    fieldOf(reply, "content-security-policy")[0]!,
    /^default-src 'none'; style-src 'sha/,
  );
  const text = textOf(reply);
  assert.match(text, /<title>405 Method Not Allowed<\/title>/);
  assert.match(text, /Not &lt;b&gt;this&lt;\/b&gt; way\./);
  assert.match(text, /Request id&lt;&quot;1&quot;&gt;/);
  assert.doesNotMatch(text, /<script|<link|<img|src=|url\(|@import/);
});

test("a program that asks for JSON gets problem details", () => {
  const reply = errorReply({ ...FACTS, accept: "application/json" });
  assert.deepEqual(fieldOf(reply, "content-type"), ["application/problem+json"]);
  assert.deepEqual(JSON.parse(textOf(reply)), {
    type: "about:blank",
    title: "Method Not Allowed",
    status: 405,
    detail: FACTS.message,
    code: "methodNotAllowed",
    id: FACTS.id,
  });
});

test("whoever asks for nothing gets text", () => {
  const reply = errorReply(FACTS);
  assert.deepEqual(fieldOf(reply, "content-type"), ["text/plain; charset=utf-8"]);
  assert.equal(textOf(reply), '405 Method Not Allowed: Not <b>this</b> way.\nRequest id<"1">\n');
});

test("a status without a name is an error", () => {
  assert.match(textOf(errorReply({ ...FACTS, status: 499 })), /^499 Error: /);
});

test("a site's own page is for browsers", () => {
  const reply = errorReply({ ...FACTS, accept: "text/html", page });
  assert.equal(textOf(reply), "<h1>Ours</h1>");
  assert.deepEqual(fieldOf(reply, "content-type"), [page.type]);
  assert.deepEqual(fieldOf(reply, "content-security-policy"), []);
  assert.deepEqual(fieldOf(reply, "x-content-type-options"), ["nosniff"]);
});

for (const accept of [null, "*/*", "application/json"]) {
  test(`a site's own page is not for a client that accepts ${accept}`, () => {
    assert.doesNotMatch(textOf(errorReply({ ...FACTS, accept, page })), /Ours/);
  });
}

test("a failure's fields replace the answer's, but never what its content is", () => {
  const reply = errorReply({
    ...FACTS,
    fields: [
      ["cache-control", "max-age=5"],
      ["content-type", "text/html"],
      ["X-Content-Type-Options", "none"],
    ],
  });
  assert.deepEqual(fieldOf(reply, "cache-control"), ["max-age=5"]);
  assert.deepEqual(fieldOf(reply, "content-type"), ["text/plain; charset=utf-8"]);
  assert.deepEqual(fieldOf(reply, "x-content-type-options"), ["nosniff"]);
});

for (const status of [204, 205, 304]) {
  test(`an answer of ${status} has no content`, () => {
    const reply = errorReply({ ...FACTS, status, accept: "text/html", page });
    assert.equal(reply.body, null);
    assert.deepEqual(fieldOf(reply, "content-type"), []);
    assert.deepEqual(fieldOf(reply, "x-request-id"), [FACTS.id]);
  });
}
