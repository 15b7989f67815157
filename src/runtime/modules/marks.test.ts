import assert from "node:assert/strict";
import { test } from "node:test";
import { fileOf, generationOf, marked, withoutMarks } from "./marks.ts";

const MARKED = [
  { url: "file:///a.ts", expected: "file:///a.ts?portico=7" },
  { url: "file:///a.ts?raw", expected: "file:///a.ts?raw&portico=7" },
  { url: "file:///a.ts#x", expected: "file:///a.ts?portico=7#x" },
  { url: "file:///a.ts?b=1#x?y", expected: "file:///a.ts?b=1&portico=7#x?y" },
  { url: "file:///a%3Fportico=2.ts", expected: "file:///a%3Fportico=2.ts?portico=7" },
];
for (const { url, expected } of MARKED) {
  test(`${url} is marked as ${expected}, once`, () => {
    assert.equal(generationOf(url), null);
    assert.equal(marked(url, 7), expected);
    assert.equal(marked(expected, 8), expected);
    assert.equal(generationOf(expected), 7);
    assert.equal(fileOf(expected), fileOf(url));
  });
}

test("a file's name may hold what begins a query", () => {
  assert.equal(fileOf("file:///a%3Fportico=2%23.ts?portico=7"), "/a?portico=2#.ts");
});

const TEXTS = [
  { text: "at f (file:///a.ts?portico=12:3:7)", expected: "at f (file:///a.ts:3:7)" },
  { text: "file:///a.ts?raw&portico=1:3", expected: "file:///a.ts?raw:3" },
  { text: "no mark?portico=x", expected: "no mark?portico=x" },
  { text: "/?portico=1.5 of somebody else's", expected: "/?portico=1.5 of somebody else's" },
];
for (const { text, expected } of TEXTS) {
  test(`${text} reads ${expected}`, () => assert.equal(withoutMarks(text), expected));
}
