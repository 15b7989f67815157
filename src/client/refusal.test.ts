import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf } from "../testing/index.ts";
import { refusalOf } from "./refusal.ts";

function told(status: number, text = "", fields: Readonly<Record<string, string>> = {}) {
  return refusalOf({ status, reason: "", fields: fieldsOf(fields), text, early: false }).message;
}

for (const [status, words] of [
  [401, "credentials"],
  [409, "taken"],
  [412, "condition"],
  [413, "larger"],
  [415, "type"],
  [507, "no room"],
  [418, "refuses"],
  [599, "failed"],
  [302, "elsewhere"],
  [202, "does not say"],
] as const) {
  test(`${status} is told in words`, () => {
    assert.match(told(status), new RegExp(`${words}.*\\(${status}\\)$`));
  });
}

const WORDS: { type: string; text: string; says: string | null }[] = [
  { type: "application/json", text: '{"message":"too big"}', says: "too big" },
  { type: "application/problem+json", text: '{"title":"T","detail":"d"}', says: "d" },
  { type: "application/json", text: '{"message":5,"error":"e"}', says: "e" },
  { type: "application/json", text: '{"message":', says: null },
  { type: "application/json", text: "[]", says: null },
  { type: "text/plain; charset=utf-8", text: "\n  one\ttwo \nthree", says: "one two" },
  { type: "text/html", text: "<html><TITLE>502 Bad\n Gateway</TITLE>", says: "502 Bad Gateway" },
  { type: "text/html", text: "<html>no title", says: null },
  { type: "text/html", text: "<title>".repeat(10_000), says: null },
  { type: "image/png", text: "\x89PNG", says: null },
  { type: "", text: "hello", says: null },
];
for (const { type, text, says } of WORDS) {
  test(`of ${JSON.stringify(text.slice(0, 40))} as ${type} it says ${says}`, () => {
    const message = told(500, text, { "Content-Type": type });
    if (says === null) assert.doesNotMatch(message, /it says/);
    else assert.ok(message.endsWith(`it says: ${says}`), message);
  });
}

test("words are cut, and a wait is told", () => {
  const message = told(503, "x".repeat(5000), { "Content-Type": "text/plain", "Retry-After": "7" });
  assert.ok(message.length < 350);
  assert.match(message, /after 7 s/);
});
