import assert from "node:assert/strict";
import { test } from "node:test";
import { readDocument } from "./document.ts";
import type { Node } from "./node.ts";
import { Source } from "./problem.ts";

/** Each problem as `line:column words`. */
function problemsOf(text: string): string[] {
  const { problems } = readDocument(new Source("x.toml", text));
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const BROKEN = [
  { text: "workers = \n", says: ["1:9 a value is missing after `=`"] },
  { text: "workers = # a = b\nfoo = 1", says: ["1:9 a value is missing after `=`"] },
  { text: "workers =\n\n# more\nfoo = 1", says: ["1:9 a value is missing after `=`"] },
  { text: "a = 1\r\nb =\r\n", says: ["2:3 a value is missing after `=`"] },
  { text: "workers\n", says: ["1:8 a key needs `=` and a value"] },
  { text: "workers 5\n", says: ["1:9 a key needs `=` and a value"] },
  { text: "[limits\na = 1\n", says: ["1:8 this table's name has no closing bracket"] },
  { text: "[]", says: ["1:2 a key is missing here"] },
  { text: 'a = "x\n', says: ["1:5 this text has no closing quote"] },
  { text: 'a = "1" "2"\n', says: ["1:9 the line should end before this"] },
  { text: "a = [1 2]\n", says: ["1:8 a comma or a closing bracket is missing before this"] },
  { text: "a = { b = 1\n", says: ["1:12 an inline table has no closing `}`"] },
  { text: "a = 01\n", says: ["1:5 a number may not begin with 0"] },
  { text: "a = 1979-02-30\n", says: ["1:5 there is no such date"] },
  { text: "a = 5_\n", says: ["1:5 `_` may stand between digits only"] },
  { text: "a = [1,\n\n", says: ["1:8 a list has no closing `]`"] },
  { text: 'a = """x\ny\n', says: ["2:2 this text has no closing quote"] },
  { text: "\x01 = 1\n", says: ["1:1 this does not belong here"] },
  { text: "a = 1\na = 2\n", says: ["2:1 `a` is given twice: first in line 1"] },
  { text: "[t]\na.b = 1\n[u]\n[t.a]\n", says: ["4:4 `a` is given twice: first in line 2"] },
  { text: "[t]\n\n[t]\n", says: ["3:2 `t` is given twice: first in line 1"] },
  { text: '"x y" = 1\n"x y" = 2\n', says: ['2:1 `"x y"` is given twice: first in line 1'] },
  { text: "a = { b = 1, b = 2 }\n", says: ["1:14 `b` is given twice"] },
];
for (const { text, says } of BROKEN) {
  test(`${JSON.stringify(text)} is placed where the repair goes`, () => {
    assert.deepEqual(problemsOf(text), says);
  });
}

const BARE = [
  { text: "header = 10s", hint: 'write header = "10s"' },
  { text: "root = /srv/www # here", hint: 'write root = "/srv/www"' },
  { text: "list = yes", hint: "write list = true" },
  { text: "list = constructor", hint: 'write list = "constructor"' },
  { text: "list = False", hint: "write list = false" },
  { text: "root = C:\\www", hint: 'write root = "C:\\\\www"' },
];
for (const { text, hint } of BARE) {
  test(`${text} gets the line that was meant`, () => {
    const [problem] = readDocument(new Source("x.toml", text)).problems;
    assert.equal(problem?.hint, hint);
    assert.equal(problem?.column, text.indexOf("=") + 3);
  });
}

test("every broken line is told at once", () => {
  const text = "a = 10s\nb = 1\nc = yes\nd =\n[t]\ne = 'x\n";
  assert.deepEqual(
    problemsOf(text).map((line) => line.split(" ")[0]),
    ["1:5", "3:5", "4:3", "6:5"],
  );
});

test("the rest of a broken value is not told as another problem", () => {
  assert.equal(problemsOf('a = "x" [\n  "y",\n]\n').length, 1);
});

test("a mistake is taken out alone: what stands beside it and below is read", () => {
  const text =
    'a = { b = treu, c = 10s, d = "x" }\n[[t]\ne = 1\nm = [\n 1 2,\n 3\n]\n' +
    "[t.u]\n[t.u]\nf = yes\n";
  assert.deepEqual(problemsOf(text), [
    "1:11 `treu` is no value: text goes in quotes, and flags are true or false",
    "1:21 `10s` is no value: text goes in quotes, and flags are true or false",
    "2:5 this table's name has no closing bracket",
    "5:4 a comma or a closing bracket is missing before this",
    "9:4 `u` is given twice: first in line 8",
    "10:5 `yes` is no value: text goes in quotes, and flags are true or false",
  ]);
});

test("a flag with a slip of the fingers is told as a flag", () => {
  const { problems } = readDocument(new Source("x.toml", "s = { list = treu }\n"));
  assert.equal(problems[0]?.hint, "write list = true");
});

/** What the tree has at the top and one level down, values alone. */
function treeOf(text: string): unknown {
  const { root, whole } = readDocument(new Source("x.toml", text));
  return { keys: root && shapeOf(root), whole };
}

function shapeOf(node: Node): unknown {
  if (node.kind === "list") return node.items.map(shapeOf);
  if (node.kind !== "table") return node.kind === "broken" ? "broken" : node.value;
  return Object.fromEntries([...node.entries].map(([key, { node }]) => [key, shapeOf(node)]));
}

const MENDED = [
  { text: "a = treu\nb = 2\n", keys: { a: "broken", b: 2 }, whole: true },
  { text: "a = [treu, 1]\n", keys: { a: ["broken", 1] }, whole: true },
  { text: "[t]\na = 1\n[u]\n[t]\nb = 2\n", keys: { t: { a: 1, b: 2 }, u: {} }, whole: true },
  { text: "[t]\na = 1\n[t]\na = 2\n", keys: { t: { a: 1 } }, whole: true },
  { text: "t = { a = 1 }\n[t]\nb = 2\n", keys: { t: { a: 1, b: 2 } }, whole: true },
  { text: "[[t]]\na = 1\n[t]\na = 2\n", keys: { t: [{ a: 1 }, { a: 2 }] }, whole: true },
  { text: "[t\na = 1\n", keys: { t: { a: 1 } }, whole: true },
  { text: "[[t]\na = 1\n", keys: { t: [{ a: 1 }] }, whole: true },
  { text: "[t]]\na = 1\n", keys: { t: [{ a: 1 }] }, whole: true },
  { text: "[t.]\na = 1\n[u]\nb = 2\n", keys: { u: { b: 2 } }, whole: false },
  { text: "a 5\nb = 2\n", keys: { b: 2 }, whole: false },
  { text: "a = [1,\n2\n[t]\nb = 2\n", keys: { a: "broken", t: { b: 2 } }, whole: true },
  { text: "a = 1\na = 2\n", keys: { a: 1 }, whole: true },
  { text: "a = { b = 1, b = 2 }\n", keys: { a: "broken" }, whole: true },
];
for (const { text, keys, whole } of MENDED) {
  test(`${JSON.stringify(text)} is read but for its mistake`, () => {
    assert.deepEqual(treeOf(text), { keys, whole });
  });
}

test("a header that can't be made out says that what is below it waits", () => {
  const { problems } = readDocument(new Source("x.toml", "[t.]\na = 1\n"));
  assert.match(problems[0]!.hint!, /below it is not checked/);
});

test("every broken line of a long file is told", () => {
  const text = Array.from({ length: 200 }, (_, index) => `a${index} = b\n`).join("");
  assert.equal(problemsOf(text).length, 200);
});

test("where reading ends before the file does, that is said", () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `a${index} = ${"b".repeat(450)}`);
  const said = problemsOf(lines.join("\n"));
  assert.ok(said.length < 2000);
  assert.match(said.at(-1)!, /^\d+:1 from here on, the file could not be read$/);
});

test("a text without end is told as one, and a file that is too large for a config", () => {
  assert.deepEqual(problemsOf(`a = "${"x".repeat(900_000)}"`), [
    "1:1 a text in this file is too long to be read",
  ]);
  assert.match(problemsOf(`a = "${"x".repeat(5_000_000)}"`)[0]!, /larger than 1 MiB/);
});

test("nesting without end is a problem, not a crash", () => {
  const deep = `a = ${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  assert.deepEqual(problemsOf(deep), ["1:1 lists or tables are nested too deep"]);
});
