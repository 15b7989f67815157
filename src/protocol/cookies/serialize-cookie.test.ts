import assert from "node:assert/strict";
import { test } from "node:test";
import {
  COOKIE_BYTES_MAX,
  serializeCookie,
  type CookieAttributes,
  type SameSite,
} from "./serialize-cookie.ts";

const secure = true;
const expires = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));

const WRITTEN: [name: string, value: string, attributes: CookieAttributes, text: string][] = [
  ["a", "1", {}, "a=1"],
  ["a", "", {}, "a="],
  ["__proto__", "1", {}, "__proto__=1"],
  ["a", "b=c", {}, "a=b=c"],
  ["a", "1", { path: "/", httpOnly: true }, "a=1; Path=/; HttpOnly"],
  ["a", "1", { httpOnly: false, secure: false, partitioned: false }, "a=1"],
  ["a", "1", { domain: "a.example", path: "/b c" }, "a=1; Domain=a.example; Path=/b c"],
  ["a", "1", { expires }, "a=1; Expires=Fri, 02 Jan 2026 03:04:05 GMT"],
  ["a", "1", { maxAge: 60 }, "a=1; Max-Age=60"],
  ["a", "1", { maxAge: 0 }, "a=1; Max-Age=0"],
  ["a", "1", { maxAge: -5 }, "a=1; Max-Age=0"],
  ["a", "1", { maxAge: 1e12 }, "a=1; Max-Age=34560000"],
  ["a", "1", { sameSite: "strict" }, "a=1; SameSite=Strict"],
  ["a", "1", { sameSite: "none", secure }, "a=1; Secure; SameSite=None"],
  ["a", "1", { partitioned: true, secure }, "a=1; Secure; Partitioned"],
  ["__Host-a", "1", { secure, path: "/" }, "__Host-a=1; Path=/; Secure"],
  ["__secure-a", "1", { secure, domain: "b.c" }, "__secure-a=1; Domain=b.c; Secure"],
  ["__Http-a", "1", { secure, httpOnly: true }, "__Http-a=1; HttpOnly; Secure"],
  ["__Hosta", "1", {}, "__Hosta=1"],
];
for (const [name, value, attributes, text] of WRITTEN) {
  test(`${text} is written`, () => assert.equal(serializeCookie(name, value, attributes), text));
}

for (const name of [
  "",
  " ",
  "a b",
  "a=",
  "a;",
  "a,",
  '"a"',
  "é",
  "a\r\nb",
  "a\0",
  "\u{10FFFF}",
  "(a)",
]) {
  test(`the name ${JSON.stringify(name)} is refused`, () => {
    assert.throws(() => serializeCookie(name, "1"), TypeError);
  });
}

for (const value of [
  " ",
  "a b",
  "a;b",
  "a,b",
  'a"',
  '"a"',
  "a\\",
  "é",
  "a\r\nb: c",
  "\0",
  "\x7f",
  "\t",
]) {
  test(`the value ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => serializeCookie("a", value), TypeError);
  });
}

const REFUSED: [name: string, attributes: CookieAttributes][] = [
  ["a", { path: "b" }],
  ["a", { path: "" }],
  ["a", { path: "/; HttpOnly" }],
  ["a", { path: "/\r\nb: c" }],
  ["a", { path: "/é" }],
  ["a", { path: "/ " }],
  ["a", { domain: "" }],
  ["a", { domain: "a b" }],
  ["a", { domain: "a; Path=/" }],
  ["a", { domain: "a..b" }],
  ["a", { domain: "-a" }],
  ["a", { domain: "a:80" }],
  ["a", { expires: new Date(NaN) }],
  ["a", { expires: { toUTCString: () => "never; Secure" } }],
  ["a", { expires: new Date(8.64e15) }],
  ["a", { maxAge: 0.5 }],
  ["a", { maxAge: NaN }],
  ["a", { maxAge: Infinity }],
  ["a", { sameSite: "Lax; Secure" as SameSite }],
  ["a", { sameSite: "toString" as SameSite }],
  ["a", { sameSite: "none" }],
  ["a", { partitioned: true }],
  ["__Secure-a", {}],
  ["__SECURE-a", { secure: false }],
  ["__Host-a", { path: "/" }],
  ["__host-a", { secure }],
  ["__HOST-a", { secure, path: "/a" }],
  ["__Host-a", { secure, path: "/", domain: "a.example" }],
  ["__Http-a", { secure }],
  ["__Host-Http-a", { secure, path: "/" }],
];
for (const [name, attributes] of REFUSED) {
  test(`${name} with ${JSON.stringify(attributes)} is refused`, () => {
    assert.throws(() => serializeCookie(name, "1", attributes), TypeError);
  });
}

test("a cookie is as large as browsers take, and no larger", () => {
  assert.equal(serializeCookie("ab", "x".repeat(COOKIE_BYTES_MAX - 2)).length, 4097);
  assert.throws(() => serializeCookie("ab", "x".repeat(COOKIE_BYTES_MAX - 1)), RangeError);
});

test("so is an attribute", () => {
  const path = `/${"x".repeat(1023)}`;
  assert.ok(serializeCookie("a", "1", { path }).endsWith(path));
  assert.throws(() => serializeCookie("a", "1", { path: `${path}x` }), RangeError);
});

test("a domain of many labels is looked at in one go", () => {
  assert.throws(() => serializeCookie("a", "1", { domain: "a-".repeat(2 ** 16) }), TypeError);
  assert.throws(() => serializeCookie("a", "1", { domain: `${"a.".repeat(2 ** 16)}!` }), TypeError);
});
