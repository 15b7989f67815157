import assert from "node:assert/strict";
import { test } from "node:test";
import { location } from "./location.ts";

const CASES = [
  { to: "/new/", rest: "a/b", query: "x=1", expected: "/new/a/b?x=1" },
  { to: "/new/", rest: "", query: "", expected: "/new/" },
  { to: "/gone.html", rest: "a/b", query: "", expected: "/gone.html" },
  { to: "/gone.html", rest: "a/b", query: "x=1", expected: "/gone.html?x=1" },
  { to: "https://new.example/", rest: "a", query: "", expected: "https://new.example/a" },
  { to: "https://new.example", rest: ".evil.example", query: "", expected: "https://new.example" },
  { to: "/search?q=/", rest: "a", query: "q=b", expected: "/search?q=/" },
  { to: "/page#part", rest: "a", query: "q=b", expected: "/page#part" },
  { to: "/", rest: "/evil.example", query: "", expected: "/evil.example" },
  { to: "/", rest: "\\/evil.example", query: "", expected: "/evil.example" },
  { to: "/", rest: "//\\\\//evil.example", query: "", expected: "/evil.example" },
  { to: "https://new.example/", rest: "//evil", query: "", expected: "https://new.example/evil" },
  { to: "/", rest: "%2F/evil.example", query: "", expected: "/%2F/evil.example" },
  { to: "/", rest: "https://evil.example", query: "", expected: "/https://evil.example" },
  { to: "/", rest: "a\r\nX-A: b", query: "", expected: "/a%0D%0AX-A:%20b" },
  { to: "/", rest: "a", query: "x\r\nX-A: b", expected: "/a?x%0D%0AX-A:%20b" },
  { to: "/", rest: "a\0\x7f", query: "", expected: "/a%00%7F" },
  { to: "/", rest: "\xc3\xa9", query: "\xe9", expected: "/%C3%A9?%E9" },
  { to: "/", rest: "a\\b", query: "", expected: "/a%5Cb" },
  { to: "/", rest: "%0d%0aX-A:%20b", query: "", expected: "/%0d%0aX-A:%20b" },
  { to: "/", rest: '"><script>', query: "<b>", expected: "/%22%3E%3Cscript%3E?%3Cb%3E" },
  { to: "/", rest: "a", query: "b#c", expected: "/a?b%23c" },
];

for (const { to, rest, query, expected } of CASES) {
  test(`${JSON.stringify(`${rest}?${query}`)} under ${to} goes to ${expected}`, () => {
    assert.equal(location(to, rest, query), expected);
  });
}
