import assert from "node:assert/strict";
import { test } from "node:test";
import { uriText } from "./uri-text.ts";

for (const text of ["", "/a%20b/c?d=e&f", "/%zz", "/(a);b=c!$'*+,~", "/[::1]"]) {
  test(`${JSON.stringify(text)} stays as it is`, () => {
    assert.equal(uriText(text), text);
  });
}

for (const [text, expected] of [
  ["/a b", "/a%20b"],
  ["a\r\nX-A: b", "a%0D%0AX-A:%20b"],
  ["\0\x7f", "%00%7F"],
  ["\\evil", "%5Cevil"],
  ['<a href="">', "%3Ca%20href=%22%22%3E"],
  ["a#b", "a%23b"],
  ["\xe9", "%E9"],
  ["\u20ac😀", "%E2%82%AC%F0%9F%98%80"],
  ["\ud800", "%EF%BF%BD"],
] as const) {
  test(`${JSON.stringify(text)} is written ${expected}`, () => {
    assert.equal(uriText(text), expected);
  });
}
