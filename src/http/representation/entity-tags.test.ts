import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTags, strongMatch, weakMatch } from "./entity-tags.ts";

const LISTS: readonly [text: string, tags: "*" | string[]][] = [
  ["*", "*"],
  ['"a"', ['"a"']],
  ['""', ['""']],
  ['W/"a"', ['W/"a"']],
  ['"a", W/"b","c"', ['"a"', 'W/"b"', '"c"']],
  ['"a,b", "c"', ['"a,b"', '"c"']],
  [', "a",, ,"b",', ['"a"', '"b"']],
  ['"\xe9!#~"', ['"\xe9!#~"']],
  ['"a\\"', ['"a\\"']],
];
for (const [text, tags] of LISTS) {
  test(`${text} is a list`, () => assert.deepEqual(parseTags(text), tags));
}

const MALFORMED = [
  "",
  ",",
  "a",
  '"a',
  'a"',
  "'a'",
  'w/"a"',
  'W/ "a"',
  "W/",
  '"a" "b"',
  '"a"; "b"',
  '*, "a"',
  '"a", *',
  '"a", b',
  '"a b"',
  '"a\0"',
  '"a"b',
];
for (const text of MALFORMED) {
  test(`${JSON.stringify(text)} is no list`, () => assert.equal(parseTags(text), null));
}

test("a list of thousands that ends badly is read in one go", () => {
  assert.equal(parseTags(`${'"a" , '.repeat(5000)}"`), null);
  assert.equal(parseTags(`${", ".repeat(8000)}x`), null);
});

// RFC 9110 §8.8.3.2, table 3.
const COMPARED: readonly [a: string, b: string, strong: boolean, weak: boolean][] = [
  ['W/"1"', 'W/"1"', false, true],
  ['W/"1"', 'W/"2"', false, false],
  ['W/"1"', '"1"', false, true],
  ['"1"', 'W/"1"', false, true],
  ['"1"', '"1"', true, true],
  ['"1"', '"2"', false, false],
];
for (const [a, b, strong, weak] of COMPARED) {
  test(`${a} and ${b} match strongly: ${strong}, weakly: ${weak}`, () => {
    assert.equal(strongMatch(a, b), strong);
    assert.equal(weakMatch(a, b), weak);
  });
}
