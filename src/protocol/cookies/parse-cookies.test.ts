import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCookies } from "./parse-cookies.ts";
import { isCookieValue, serializeCookie } from "./serialize-cookie.ts";

const CASES: [field: string | string[], pairs: [name: string, value: string][]][] = [
  ["", []],
  ["a=1", [["a", "1"]]],
  [
    "a=1; b=2",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  [
    "a=1;b=2",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  [
    " \t a\t=  1 \t;\tb = 2 ",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  [
    "a=2; a=1; a=2",
    [
      ["a", "2"],
      ["a", "1"],
      ["a", "2"],
    ],
  ],
  [
    "A=1; a=2",
    [
      ["A", "1"],
      ["a", "2"],
    ],
  ],
  ["a", [["", "a"]]],
  ["=a", [["", "a"]]],
  ["a=", [["a", ""]]],
  ["=", []],
  ["; ;;\t;", []],
  ["a=b=c==", [["a", "b=c=="]]],
  ['a="1"', [["a", "1"]]],
  ['a=""', [["a", ""]]],
  ['a="', [["a", '"']]],
  ['a="1', [["a", '"1']]],
  ['a=1"', [["a", '1"']]],
  ['a=""1""', [["a", '"1"']]],
  [
    'a="1; b=2"',
    [
      ["a", '"1'],
      ["b", '2"'],
    ],
  ],
  ['"a"=1', [['"a"', "1"]]],
  [String.raw`a="\"1"`, [["a", String.raw`\"1`]]],
  ["a=1, b=2", [["a", "1, b=2"]]],
  ["a=1\tb", [["a", "1\tb"]]],
  ["a=1\0; b=2", [["b", "2"]]],
  ["a\x01=1; b=2", [["b", "2"]]],
  ["a=1\x7f; b=2", [["b", "2"]]],
  ["a=1\r\nSet-Cookie: c=3; b=2", [["b", "2"]]],
  ["a=\xa0\xfc", [["a", "\xa0\xfc"]]],
  ["a=%41%", [["a", "%41%"]]],
  [
    "$Version=1; a=1",
    [
      ["$Version", "1"],
      ["a", "1"],
    ],
  ],
  ["a b=1", [["a b", "1"]]],
  [
    "__proto__=1; constructor=2",
    [
      ["__proto__", "1"],
      ["constructor", "2"],
    ],
  ],
  [
    ["a=1", "b=2; a=3", ""],
    [
      ["a", "1"],
      ["b", "2"],
      ["a", "3"],
    ],
  ],
  [[], []],
];
for (const [field, pairs] of CASES) {
  test(`${JSON.stringify(field)} holds ${pairs.length}`, () => {
    const cookies = parseCookies(field);
    assert.deepEqual([...cookies.entries()], pairs);
    assert.equal(cookies.size, pairs.length);
  });
}

test("of several of one name the first is it, and all are there in order", () => {
  const cookies = parseCookies(["id=specific; other=1", "id=general"]);
  assert.equal(cookies.get("id"), "specific");
  assert.deepEqual(cookies.getAll("id"), ["specific", "general"]);
});

for (const name of ["__proto__", "constructor", "hasOwnProperty", "toString", "get", "size", ""]) {
  test(`${JSON.stringify(name)} is there only where it was sent`, () => {
    assert.equal(parseCookies("a=1").get(name), null);
    assert.deepEqual(parseCookies("a=1").getAll(name), []);
    assert.equal(parseCookies(`${name}=1`).get(name), "1");
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
}

test("whatever is sent is read", () => {
  const pieces = ["a", "__proto__", "=", ";", " ", '"', "\\", ",", "\0", "\x7f", "\t", "é", "%"];
  const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 40 });
  const property = fc.property(hostile, (parts) => {
    for (const [name, value] of parseCookies(parts.join("")).entries()) {
      assert.ok(!/[;=]/.test(name) && !value.includes(";"), `${name}=${value}`);
      assert.doesNotMatch(name + value, /[\0-\x08\n-\x1f\x7f]/);
      assert.doesNotMatch(name, /^[ \t]|[ \t]$/); // of a value, quotes keep them
    }
  });
  fc.assert(property, { numRuns: 1000 });
});

test("what is written is read again", () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
  const value = fc.stringMatching(/^[!#-+\--:<-[\]-~]{0,20}$/);
  const written = fc.array(fc.tuple(token, value), { maxLength: 8 });
  const property = fc.property(written, (pairs) => {
    const field = pairs.map(([name, text]) => {
      assert.ok(isCookieValue(text));
      return serializeCookie(`x${name}`, text);
    });
    const expected = pairs.map(([name, text]) => [`x${name}`, text]);
    assert.deepEqual([...parseCookies(field.join("; ")).entries()], expected);
    assert.deepEqual([...parseCookies(field).entries()], expected);
  });
  fc.assert(property, { numRuns: 500 });
});

// A megabyte that took quadratic time would take minutes: the test's own limit ends it.
for (const piece of ["a;", ";", "=", "a=", '"', " ", "a= ;", "\t;", '="";', "\0;"]) {
  test(`a megabyte of ${JSON.stringify(piece)} is read in one go`, () => {
    assert.ok(parseCookies(piece.repeat(2 ** 20 / piece.length)).size >= 0);
  });
}
