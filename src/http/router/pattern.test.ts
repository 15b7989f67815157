import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePattern, patternMatches, readParams, type Pattern } from "./pattern.ts";

const GOOD = [
  { text: "/", kind: "exact", prefix: "/", prefixLength: 1 },
  { text: "/gone", kind: "exact", prefix: "/gone", prefixLength: 5 },
  { text: "/a/", kind: "exact", prefix: "/a/", prefixLength: 3 },
  { text: "/*", kind: "prefix", prefix: "/", prefixLength: 1 },
  { text: "/a/b/*", kind: "prefix", prefix: "/a/b/", prefixLength: 5 },
  { text: "/a/*.php", kind: "suffix", prefix: "/a/", suffix: ".php", prefixLength: 1 },
  { text: "/*.tar.gz", kind: "suffix", prefix: "/", suffix: ".tar.gz", prefixLength: 1 },
  { text: "/grüße und mehr", kind: "exact", prefix: "/grüße und mehr", prefixLength: 15 },
  { text: "/a%2Fb", kind: "exact", prefix: "/a%2Fb", prefixLength: 6 },
  { text: "/100%", kind: "exact", prefix: "/100%", prefixLength: 5 },
  { text: "/.well-known/*", kind: "prefix", prefix: "/.well-known/", prefixLength: 13 },
  { text: "/a:b/c:", kind: "exact", prefix: "/a:b/c:", prefixLength: 7 },
];
for (const expected of GOOD) {
  test(`${expected.text} is read as ${expected.kind}`, () => {
    const literal = { suffix: "", params: [], shape: expected.text };
    assert.deepEqual(parsePattern(expected.text), { ...literal, ...expected });
  });
}

const WITH_PARAMS = [
  { text: "/hi/:name", kind: "exact", shape: "/hi/:", params: ["name"] },
  { text: "/:a/:b_2/", kind: "exact", shape: "/:/:/", params: ["a", "b_2"] },
  { text: "/u/:id/files/*", kind: "prefix", shape: "/u/:/files/*", params: ["id"] },
  { text: "/:constructor", kind: "exact", shape: "/:", params: ["constructor"] },
];
for (const { text, ...expected } of WITH_PARAMS) {
  test(`${text} has the parameters ${expected.params.join(", ")}`, () => {
    const { kind, shape, params } = parsePattern(text) as Pattern;
    assert.deepEqual({ kind, shape, params }, expected);
  });
}

test("*.php is short for /*.php", () => {
  assert.deepEqual(parsePattern("*.php"), parsePattern("/*.php"));
});

const BAD = [
  { text: "", says: "empty", better: "/" },
  { text: "*", says: 'begins with "/"', better: "/*" },
  { text: "a/b", says: 'begins with "/"', better: "/a/b" },
  { text: "a/*.php", says: 'begins with "/"', better: "/a/*.php" },
  { text: "/a*", says: 'stands behind a "/"', better: "/a/*" },
  { text: "/a*.php", says: 'stands behind a "/"', better: "/a/*.php" },
  { text: "/a/**", says: 'one "*"', better: "/a/*" },
  { text: "/*/b/*", says: 'one "*"', better: "/*" },
  { text: "/a/*/b", says: "a suffix such as", better: "/a/*" },
  { text: "/a/*php", says: "a suffix such as", better: "/a/*" },
  { text: "/a/*.", says: "a suffix such as", better: "/a/*" },
  { text: "/a/*.php/more", says: "a suffix such as", better: "/a/*" },
  { text: "*.php/", says: "a suffix such as", better: "/*" },
  { text: "/a?x=1", says: 'before "?"', better: "/a" },
  { text: "/a/*?", says: 'before "?"', better: "/a/*" },
  { text: "/a#top", says: '"#"', better: "/a" },
  { text: "/a/../b", says: '".."', better: "/b" },
  { text: "/../../etc/*", says: '".."', better: "/etc/*" },
  { text: "/./a", says: '".."', better: "/a" },
  { text: "/a/..", says: '".."', better: "/" },
  { text: "/a//b", says: "stands a name", better: "/a/b" },
  { text: "//*", says: "stands a name", better: "/*" },
  { text: "/a//", says: "stands a name", better: "/a/" },
  { text: "/gr%C3%BC%C3%9Fe", says: "decoded", better: "/grüße" },
  { text: "/a%2fb", says: "decoded", better: "/a%2Fb" },
  { text: "/a%20b/*", says: "decoded", better: "/a b/*" },
  { text: "http://example.org/a/*", says: "URL", better: "/a/*" },
  { text: "https://example.org", says: "URL", better: "/" },
  { text: "/:id.json", says: "is a parameter", better: "/:id" },
  { text: "/:id(\\d+)/x", says: "is a parameter", better: "/:id/x" },
  { text: "/a/:id?", says: 'before "?"', better: "/a/:id" },
  { text: "/:a*", says: 'stands behind a "/"', better: "/:a/*" },
];
for (const { text, says, better } of BAD) {
  test(`${JSON.stringify(text)} is refused, and ${better} named instead`, () => {
    const complaint = parsePattern(text);
    assert.equal(typeof complaint, "string");
    assert.ok((complaint as string).includes(says), complaint as string);
    assert.ok((complaint as string).endsWith(`; write ${JSON.stringify(better)}`));
    assert.equal(typeof parsePattern(better), "object");
  });
}

const BAD_PARAMS = ["/:", "/:/*", "/:1", "/:__proto__", "/::a", "/:ü", "/:a/:a", "/:a/b/:a/*"];
const WITHOUT_BETTER = ["/a\u0000", "/a\nb", "/a%00", "/%FF", "/\u007f/*", "/\u0085", "/100%2541"];
for (const text of [...WITHOUT_BETTER, ...BAD_PARAMS, "/:a/*.php"]) {
  test(`${JSON.stringify(text)} is refused without a better one`, () => {
    const complaint = parsePattern(text);
    assert.equal(typeof complaint, "string");
    assert.ok(!(complaint as string).includes("; write"));
  });
}

const MATCHES = [
  { pattern: "/a", path: "/a", is: true },
  { pattern: "/a", path: "/a/", is: false },
  { pattern: "/a", path: "/A", is: false },
  { pattern: "/a", path: "/ab", is: false },
  { pattern: "/a/*", path: "/a", is: true },
  { pattern: "/a/*", path: "/a/", is: true },
  { pattern: "/a/*", path: "/a/b/c", is: true },
  { pattern: "/a/*", path: "/ab", is: false },
  { pattern: "/a/*", path: "/a%2Fb", is: false },
  { pattern: "/a/*", path: "//a/b", is: false },
  { pattern: "/*", path: "/", is: true },
  { pattern: "*.php", path: "/index.php", is: true },
  { pattern: "*.php", path: "/index.php/", is: true },
  { pattern: "*.php", path: "/index.php/more", is: true },
  { pattern: "*.php", path: "/a.phpx/b.php", is: true },
  { pattern: "*.php", path: "/.php", is: true },
  { pattern: "*.php", path: "/a.php.php", is: true },
  { pattern: "*.php", path: "/a.phps", is: false },
  { pattern: "*.php", path: "/a.php.txt", is: false },
  { pattern: "*.php", path: "/a.PHP", is: false },
  { pattern: "*.php", path: "/a.php%2Fb", is: false },
  { pattern: "/a/*.php", path: "/a", is: false },
  { pattern: "/a/*.php", path: "/b/x.php", is: false },
  { pattern: "/a/*.php", path: "/x.php", is: false },
  { pattern: "/a.php/*.php", path: "/a.php/b", is: false },
  { pattern: "/hi/:name", path: "/hi/ann", is: true },
  { pattern: "/hi/:name", path: "/hi/:name", is: true },
  { pattern: "/hi/:name", path: "/hi/a%2Fb", is: true },
  { pattern: "/hi/:name", path: "/hi/", is: false },
  { pattern: "/hi/:name", path: "/hi", is: false },
  { pattern: "/hi/:name", path: "/hi/ann/", is: false },
  { pattern: "/hi/:name", path: "/hi/ann/b", is: false },
  { pattern: "/hi/:name", path: "/HI/ann", is: false },
  { pattern: "/hi/:name/", path: "/hi/ann/", is: true },
  { pattern: "/hi/:name/", path: "/hi/ann", is: false },
  { pattern: "/:a/:b", path: "//b", is: false },
  { pattern: "/u/:id/f/*", path: "/u/7/f", is: true },
  { pattern: "/u/:id/f/*", path: "/u/7/f/", is: true },
  { pattern: "/u/:id/f/*", path: "/u/7/f/a/b", is: true },
  { pattern: "/u/:id/f/*", path: "/u//f/a", is: false },
  { pattern: "/u/:id/f/*", path: "/u/7/fa", is: false },
  { pattern: "/:id/*", path: "/7", is: true },
  { pattern: "/:id/*", path: "/", is: false },
];
for (const { pattern, path, is } of MATCHES) {
  test(`${pattern} ${is ? "matches" : "does not match"} ${path}`, () => {
    assert.equal(patternMatches(parsePattern(pattern) as Pattern, path), is);
  });
}

const READ: { text: string; path: string; params: object; prefixLength: number }[] = [
  { text: "/hi/:name", path: "/hi/ann", params: { name: "ann" }, prefixLength: 7 },
  { text: "/hi/:name/", path: "/hi/ann/", params: { name: "ann" }, prefixLength: 8 },
  { text: "/hi/:a/:b", path: "/hi/a%2Fb/ö c", params: { a: "a%2Fb", b: "ö c" }, prefixLength: 13 },
  { text: "/u/:id/f/*", path: "/u/7/f/a/b", params: { id: "7" }, prefixLength: 7 },
  { text: "/u/:id/*", path: "/u/7", params: { id: "7" }, prefixLength: 5 },
  { text: "/u/:id/*", path: "/u/7/", params: { id: "7" }, prefixLength: 5 },
  {
    text: "/:toString/*",
    path: "/__proto__/x",
    params: { toString: "__proto__" },
    prefixLength: 11,
  },
  { text: "/a/*", path: "/a", params: {}, prefixLength: 3 },
  { text: "/a/*.php", path: "/a/b.php", params: {}, prefixLength: 1 },
];
for (const { text, path, params, prefixLength } of READ) {
  test(`${path} says of ${text}: ${JSON.stringify(params)}`, () => {
    const read = readParams(parsePattern(text) as Pattern, path);
    assert.equal(Object.getPrototypeOf(read.params), null);
    assert.deepEqual({ ...read, params: { ...read.params } }, { params, prefixLength });
  });
}

test("what is suggested is always a pattern", () => {
  const pieces = fc.constantFrom(
    "/",
    "*",
    ".",
    "..",
    "a",
    "php",
    "%41",
    "%2f",
    "?",
    "#",
    "\n",
    ":",
    "/:b",
    "ü",
  );
  const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      const read = parsePattern(text);
      if (typeof read !== "string") return typeof parsePattern(read.text) === "object";
      const better = /; write ("(?:[^"\\]|\\.)*")$/.exec(read)?.[1];
      return better === undefined || typeof parsePattern(JSON.parse(better)) === "object";
    }),
  );
});
