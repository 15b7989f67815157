import assert from "node:assert/strict";
import { test } from "node:test";
import { exchangeOf } from "../testing/index.ts";
import { pathBelowRoot, targetBelow, withSlash } from "./below-route.ts";

for (const [target, prefixLength, expected] of [
  ["/pics/a%20b/c", 6, "a b/c"],
  ["/pics/", 6, ""],
  ["/pics", 6, ""],
  ["/a/x.css", 1, "a/x.css"],
  ["/robots.txt", 11, "robots.txt"],
  ["/", 1, ""],
] as const) {
  test(`${target} of a route of ${prefixLength} characters is ${expected} below the root`, () => {
    assert.equal(pathBelowRoot(exchangeOf({ target, prefixLength })), expected);
  });
}

for (const [target, prefixLength, path, expected] of [
  ["/", 1, "index.php", "/index.php"],
  ["/a%20b/?x=%31", 1, "a b/index.php", "/a%20b/index.php?x=%31"],
  ["/pics/a/", 6, "a/index.php", "/pics/a/index.php"],
  ["/gr%c3%bcn/a/", 6, "a/i.php", "/gr%c3%bcn/a/i.php"],
  ["/robots.txt", 11, "d/index.php", "/d/index.php"],
  ["/x%2Fy/", 1, "x%2Fy/index.php", "/x%2Fy/index.php"],
  ["/a/", 1, "a/?#&%.php", "/a/%3F%23%26%25.php"],
] as const) {
  test(`${path} is found at ${expected} by who asked for ${target}`, () => {
    assert.equal(targetBelow(exchangeOf({ target, prefixLength }), path), expected);
  });
}

for (const [rawPath, query, expected] of [
  ["/dir", "", "/dir/"],
  ["/a%20b", "x=1", "/a%20b/?x=1"],
  ["/dir", "a=%0d%0aX-A:%20b", "/dir/?a=%0d%0aX-A:%20b"],
  ["/dir", "a\r\nX-A: b", "/dir/?a%0D%0AX-A:%20b"],
  ["//evil.example", "", "/evil.example/"],
  ["/\\evil.example", "", "/evil.example/"],
  ["//\\/evil.example", "", "/evil.example/"],
  ['/"<b>', "", "/%22%3Cb%3E/"],
] as const) {
  test(`${rawPath}?${query} with its slash is ${expected}`, () => {
    assert.equal(withSlash(rawPath, query), expected);
  });
}
