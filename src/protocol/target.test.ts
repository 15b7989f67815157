import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../base/failure.ts";
import { decodePath, parseTarget, type Target } from "./target.ts";

const TARGETS: [method: string, target: string, expected: Partial<Target>][] = [
  ["GET", "/", { form: "origin", authority: null, rawPath: "/", query: "" }],
  ["GET", "/a%2f?b?c=/..", { rawPath: "/a%2f", query: "b?c=/.." }],
  ["GET", "/a?", { rawPath: "/a", query: "" }],
  ["GET", "//a/b", { form: "origin", authority: null, rawPath: "//a/b" }],
  ["GET", "http://a:80/b?c", { form: "absolute", authority: "a:80", rawPath: "/b", query: "c" }],
  ["GET", "HTTPS://A", { form: "absolute", authority: "A", rawPath: "/" }],
  ["GET", "http://a?b", { authority: "a", rawPath: "/", query: "b" }],
  ["GET", "http://[::1]:8080/", { authority: "[::1]:8080" }],
  ["OPTIONS", "*", { form: "asterisk", authority: null, rawPath: "*", query: "" }],
  ["CONNECT", "a:80", { form: "authority", authority: "a:80", rawPath: "" }],
  ["CONNECT", "[::1]:80", { form: "authority", authority: "[::1]:80" }],
];
for (const [method, target, expected] of TARGETS) {
  test(`${method} ${target} is read`, () => {
    assert.partialDeepStrictEqual(parseTarget(method, target), expected);
  });
}

const BAD_TARGETS: [method: string, target: string][] = [
  ["GET", ""],
  ["GET", "a"],
  ["GET", "?a"],
  ["GET", "*"],
  ["GET", "a:80"],
  ["GET", "*/"],
  ["OPTIONS", "**"],
  ["GET", "/a#b"],
  ["GET", "/a b"],
  ["GET", "/\x00"],
  ["GET", "/\x7f"],
  ["GET", "/\r\n"],
  ["GET", "/\xe9"],
  ["GET", "/\u0141"],
  ["GET", "http:"],
  ["GET", "http:/a"],
  ["GET", "http://"],
  ["GET", "http:///a"],
  ["GET", "http://:80/"],
  ["GET", "http://u@a/"],
  ["GET", "http://a:b/"],
  ["GET", "http://a\\b/"],
  ["GET", "http://[::1/"],
  ["GET", "http://a#b"],
  ["GET", "ftp://a/"],
  ["GET", "ws://a/"],
  ["GET", "://a/"],
  ["GET", "xhttp://a/"],
  ["CONNECT", "/"],
  ["CONNECT", "*"],
  ["CONNECT", "a"],
  ["CONNECT", "a:"],
  ["CONNECT", "u@a:80"],
  ["CONNECT", "a:80/"],
  ["CONNECT", "http://a:80"],
];
for (const [method, target] of BAD_TARGETS) {
  test(`${method} ${JSON.stringify(target)} is refused`, () => {
    const found = parseTarget(method, target);
    assert.ok(found instanceof Failure);
    assert.equal(found.code, "targetMalformed");
  });
}

const PATHS: [raw: string, path: string][] = [
  ["/", "/"],
  ["/a/b", "/a/b"],
  ["//a//", "//a//"],
  ["/%68ello", "/hello"],
  ["/%2568ello", "/%68ello"],
  ["/a%2fb%2Fc", "/a%2Fb%2Fc"],
  ["/..%2fa", "/..%2Fa"],
  ["/%5c..%5ca", "/\\..\\a"],
  ["/caf%C3%A9", "/café"],
  ["/%F0%9F%98%80", "/😀"],
  ["/a;b=c,d", "/a;b=c,d"],
  ["/a+b%20c", "/a+b c"],
  ["/.a/..b/c../...", "/.a/..b/c../..."],
  ["/%3f%23", "/?#"],
  ["*", "*"],
];
for (const [raw, path] of PATHS) {
  test(`${raw} decodes to ${path}`, () => assert.equal(decodePath(raw), path));
}

const BAD_PATHS = [
  "/%",
  "/%4",
  "/%zz",
  "/%u0041",
  "/% 41",
  "/%00",
  "/a%00.txt",
  "/%0d%0a",
  "/%09",
  "/%1f",
  "/%7f",
  "/%C2%85",
  "/\x01",
  "/\x7f",
  "/a b",
  "/\xe9",
  "/é",
  "/%ff",
  "/%c3",
  "/%c3/%a9",
  "/%c0%ae%c0%ae/",
  "/%ed%a0%80",
  "/%f5%80%80%80",
  "/.",
  "/..",
  "/./a",
  "/a/./b",
  "/a/../b",
  "/a/..",
  "/a/.",
  "/%2e",
  "/%2E%2e/a",
  "/.%2e/a",
  "/a/%2e./b",
  "//../a",
  "..",
  ".",
  "../a",
  "/#",
];
for (const raw of BAD_PATHS) {
  test(`${JSON.stringify(raw)} is no path`, () => {
    const found = decodePath(raw);
    assert.ok(found instanceof Failure);
    assert.equal(found.code, "pathMalformed");
  });
}
