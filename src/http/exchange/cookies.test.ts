import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fieldsOf } from "../../testing/index.ts";
import { Cookies } from "./cookies.ts";

const sent = (cookie: string, secure = false): Cookies =>
  new Cookies(fieldsOf({ Cookie: cookie }), secure);
const setBy = (use: (cookies: Cookies) => void, secure = false): string[] => {
  const cookies = sent("", secure);
  use(cookies);
  return cookies.fields.map(([name, value]) => `${name}: ${value}`);
};

const READ: [cookie: string, value: string | null][] = [
  ["a=1; a=2", "1"],
  ["b=1", null],
  ["a=%C3%BC%20%3B", "ü ;"],
  ["a=\xc3\xbc", "ü"],
  ["a=\xfc", "\xfc"],
  ["a=100%", "100%"],
  ["a=%ff", "%ff"],
  ["a=%C3%BC%", "%C3%BC%"],
  ["a=a+b", "a+b"],
  ['a="1"', "1"],
  ["a=%22", '"'],
];
for (const [cookie, value] of READ) {
  test(`${JSON.stringify(cookie)} says ${JSON.stringify(value)}`, () => {
    assert.equal(sent(cookie).get("a"), value);
  });
}

test("all that came is there, decoded, in order; what came raw is, too", () => {
  const cookies = sent("a=%31; __proto__=2; a=3");
  assert.deepEqual(cookies.getAll("a"), ["1", "3"]);
  assert.deepEqual(
    [...cookies.entries()],
    [
      ["a", "1"],
      ["__proto__", "2"],
      ["a", "3"],
    ],
  );
  assert.equal(cookies.received.get("a"), "%31");
});

test("without a Cookie field there are none", () => {
  const cookies = new Cookies(fieldsOf({}), true);
  assert.equal(cookies.get("a"), null);
  assert.deepEqual(cookies.fields, []);
});

test("any text comes back as it was set", () => {
  const property = fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const [field] = setBy((cookies) => cookies.set("a", text));
    assert.equal(sent(/: (a=[^;]*)/.exec(field!)![1]!).get("a"), text);
  });
  fc.assert(property, { numRuns: 500 });
});

test("a cookie is for the whole site and kept from scripts, and by TLS it is kept to TLS", () => {
  const set = (cookies: Cookies): void => cookies.set("a", "1 2");
  assert.deepEqual(setBy(set), ["Set-Cookie: a=1%202; Path=/; HttpOnly; SameSite=Lax"]);
  assert.deepEqual(setBy(set, true), [
    "Set-Cookie: a=1%202; Path=/; HttpOnly; Secure; SameSite=Lax",
  ]);
});

test("attributes take the place of what is usual", () => {
  const fields = setBy((cookies) => {
    cookies.set("a", "1", { path: "/b", httpOnly: false, sameSite: "strict", secure: false });
  }, true);
  assert.deepEqual(fields, ["Set-Cookie: a=1; Path=/b; SameSite=Strict"]);
});

test("what is set later replaces what has the same name, path and domain, and nothing else", () => {
  const fields = setBy((cookies) => {
    cookies.set("a", "1", { domain: "b.example" });
    cookies.set("a", "2");
    cookies.set("a", "3", { path: "/c" });
    cookies.set("A", "4");
    cookies.set("a", "5", { domain: ".B.example" });
    cookies.delete("a");
  });
  assert.deepEqual(
    fields.map((field) => /\w=\w?/.exec(field)![0]),
    ["a=3", "A=4", "a=5", "a="],
  );
});

test("a cookie is removed by the attributes that it was set by", () => {
  const fields = setBy((cookies) => cookies.delete("__Host-a", { sameSite: "strict" }), true);
  const ended = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
  const expected = `Set-Cookie: __Host-a=; Path=/; ${ended}; HttpOnly; Secure; SameSite=Strict`;
  assert.deepEqual(fields, [expected]);
});

test("what no browser takes is refused, and nothing is set then", () => {
  const refused = (use: (cookies: Cookies) => void): void => {
    const cookies = sent("");
    assert.throws(() => use(cookies));
    assert.deepEqual(cookies.fields, []);
  };
  refused((cookies) => cookies.set("a b", "1"));
  refused((cookies) => cookies.set("__Host-a", "1")); // not by TLS
  refused((cookies) => cookies.set("a", "\ud800"));
  refused((cookies) => cookies.set("a", "é".repeat(1000)));
  refused((cookies) => cookies.set("a", "1", { sameSite: "none" }));
});
