import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { readAsked } from "./asked.ts";

const GOOD: readonly [method: string, target: string, host: string | null, expected: object][] = [
  ["GET", "/a%20b?c=%20", "A.example:80", { host: "a.example", path: "/a b", query: "c=%20" }],
  ["GET", "http://B.example/a", "a.example", { host: "b.example", authority: "B.example" }],
  ["GET", "http://b.example?x", "a.example", { path: "/", rawPath: "/", query: "x" }],
  ["GET", "/", null, { host: "", authority: "" }],
  ["GET", "/", "[::1]:8080", { host: "[::1]", authority: "[::1]:8080" }],
  ["OPTIONS", "*", "a.example", { form: "asterisk", path: "*", rawPath: "*" }],
  ["CONNECT", "a.example:443", "b.example", { form: "authority", host: "a.example", path: "" }],
];
for (const [method, target, host, expected] of GOOD) {
  test(`${method} ${target} at ${host} is understood`, () => {
    assert.partialDeepStrictEqual(readAsked(method, target, host), expected);
  });
}

for (const [method, target, host, code] of [
  ["GET", "a", "a.example", "targetMalformed"],
  ["GET", "*", "a.example", "targetMalformed"],
  ["GET", "http://u@b.example/", "a.example", "targetMalformed"],
  ["CONNECT", "/", "a.example", "targetMalformed"],
  ["GET", "/../a", "a.example", "pathMalformed"],
  ["GET", "/%2e%2e/a", "a.example", "pathMalformed"],
  ["GET", "/%00", "a.example", "pathMalformed"],
  ["GET", "http://b.example/%zz", "a.example", "pathMalformed"],
  ["GET", "/", "a.example, b.example", "hostMalformed"],
  ["GET", "/", "a b", "hostMalformed"],
] as const) {
  test(`${method} ${target} at ${host} is refused`, () => {
    const asked = readAsked(method, target, host);
    assert.ok(asked instanceof Failure);
    assert.equal(asked.code, code);
  });
}
