import assert from "node:assert/strict";
import { test } from "node:test";
import { attachment } from "./disposition.ts";

for (const [name, plain, encoded] of [
  ["a b.txt", "a b.txt", "a%20b.txt"],
  ["grüße.txt", "gr__e.txt", "gr%C3%BC%C3%9Fe.txt"],
  ["😀", "_", "%F0%9F%98%80"],
  ['a"b\\c', "a_b_c", "a%22b%5Cc"],
  ["100%41", "100_41", "100%2541"],
  ["it's (1)*!", "it's (1)*!", "it%27s%20%281%29%2A%21"],
  ["a\r\nX-A: b", "a__X-A: b", "a%0D%0AX-A%3A%20b"],
  ["\ud800", "_", "%EF%BF%BD"],
] as const) {
  test(`${JSON.stringify(name)} is saved under its name`, () => {
    const expected = `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
    assert.equal(attachment(name), expected);
  });
}
