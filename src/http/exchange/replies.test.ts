import assert from "node:assert/strict";
import { test } from "node:test";
import { empty, html, json, redirect, text, type Reply } from "./index.ts";

function seen({ status, fields, body }: Reply) {
  return { status, fields, body: body instanceof Uint8Array ? body.toString() : body };
}

const TYPED = [
  { reply: text("hö"), type: "text/plain; charset=utf-8", body: "hö" },
  { reply: html("<p>"), type: "text/html; charset=utf-8", body: "<p>" },
  { reply: json({ a: [1, null] }), type: "application/json", body: '{"a":[1,null]}' },
  { reply: json(null), type: "application/json", body: "null" },
  { reply: text(""), type: "text/plain; charset=utf-8", body: "" },
];
for (const { reply, type, body } of TYPED) {
  test(`${JSON.stringify(body)} goes out as ${type}`, () => {
    assert.deepEqual(seen(reply), { status: 200, fields: [["Content-Type", type]], body });
  });
}

test("a status and fields stand beside the body; a type of the handler's own is the type", () => {
  const init = { status: 201, headers: { "content-type": "text/csv", "X-A": "1" } };
  assert.deepEqual(seen(text("a,b", init)).fields, Object.entries(init.headers));
  const cookies = [
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
  ] as const;
  const { status, fields } = json(1, { status: 202, headers: cookies });
  assert.deepEqual([status, fields.slice(1)], [202, cookies]);
});

for (const value of [undefined, () => 1, Symbol("a")]) {
  test(`${typeof value} is no JSON`, () => assert.throws(() => json(value), TypeError));
}
test("what refers to itself is no JSON", () => {
  const value: unknown[] = [];
  value.push(value);
  assert.throws(() => json(value), TypeError);
});

for (const [location, expected] of [
  ["/a?b=c", "/a?b=c"],
  ["/grüße#€", "/gr%C3%BC%C3%9Fe#%E2%82%AC"],
  ["/a\r\nSet-Cookie: b", "/a%0D%0ASet-Cookie:%20b"],
  ["/%41", "/%41"],
  ["/\ud800", "/%EF%BF%BD"],
] as const) {
  test(`a client is sent to ${JSON.stringify(location)} by ${expected}`, () => {
    const found = { status: 302, fields: [["Location", expected]], body: null };
    assert.deepEqual(seen(redirect(location)), found);
  });
}

test("an empty answer is a 204, or what is asked for", () => {
  assert.deepEqual(seen(empty()), { status: 204, fields: [], body: null });
  assert.deepEqual(seen(empty(404, { headers: { "X-A": "1" } })), {
    status: 404,
    fields: [["X-A", "1"]],
    body: null,
  });
  assert.equal(redirect("/", 303).status, 303);
});
