import assert from "node:assert/strict";
import { test } from "node:test";
import { Source, Wrong } from "./problem.ts";
import { renderProblems } from "./render.ts";

function rendered(
  text: string,
  column: number,
  length: number,
  wrong: Wrong,
  color = false,
): string {
  const problem = new Source("p.toml", text).problem({ line: 1, column, length }, wrong);
  return renderProblems([problem], { color });
}

test("a problem is its place, its words, its line with carets, and its hint", () => {
  const wrong = new Wrong("unknown key `adress`", "did you mean `address`?");
  assert.equal(
    rendered('adress = "x"', 1, 6, wrong),
    [
      "p.toml:1:1: error: unknown key `adress`",
      '  1 | adress = "x"',
      "    | ^^^^^^",
      "    = did you mean `address`?",
      "",
    ].join("\n"),
  );
});

test("a blank line stands between two, and nothing is said where there is none", () => {
  const source = new Source("p.toml", "a\nb");
  const problems = [1, 2].map((line) =>
    source.problem({ line, column: 1, length: 1 }, new Wrong("no")),
  );
  assert.equal(renderProblems(problems, { color: false }).split("\n\n").length, 2);
  assert.equal(renderProblems([], { color: false }), "");
});

test("carets stand below their text after tabs and characters of two units", () => {
  assert.match(rendered("\ta = 5", 6, 1, new Wrong("no")), /\n {4}\| \t {4}\^\n$/);
  assert.match(rendered("💾 = 5", 6, 1, new Wrong("no")), /\n {4}\| {5}\^\n$/);
});

test("carets don't go past the end of the line, and there is always one", () => {
  assert.match(rendered("abc", 2, 50, new Wrong("no")), /\n {4}\|  \^\^\n$/);
  assert.match(rendered("", 9, 1, new Wrong("no")), /\^\n$/);
});

test("a long line is cut around the place", () => {
  const line = `${"a".repeat(5000)}X${"b".repeat(5000)}`;
  const [, shown, carets] = rendered(line, 5001, 1, new Wrong("no")).split("\n");
  assert.ok(shown!.length < 140);
  assert.equal(shown![carets!.indexOf("^")], "X");
});

test("control characters of a config don't reach the terminal", () => {
  const wrong = new Wrong("bad \x1b[2J", "not \x9b1m");
  const out = rendered('a = "\x1b]0;x\x07\u202e"', 5, 3, wrong);
  assert.doesNotMatch(out, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

test("colours are there only where asked for", () => {
  assert.match(rendered("a", 1, 1, new Wrong("no"), true), /\x1b\[1;31merror:\x1b\[0m/);
  assert.doesNotMatch(rendered("a", 1, 1, new Wrong("no")), /\x1b/);
});

test("a warning says that it is one", () => {
  const source = new Source("p.toml", "a");
  const span = { line: 1, column: 1, length: 1 };
  const problem = source.problem(span, new Wrong("hm"), "warning");
  assert.match(renderProblems([problem], { color: false }), /^p\.toml:1:1: warning: hm\n/);
});

test("past the first hundred, how many more there are is said", () => {
  const source = new Source("p.toml", "a");
  const problems = Array.from({ length: 150 }, () =>
    source.problem({ line: 1, column: 1, length: 1 }, new Wrong("no")),
  );
  const out = renderProblems(problems, { color: false });
  assert.equal(out.match(/error: no/g)?.length, 100);
  assert.ok(out.endsWith("\n\nand 50 more\n"));
  assert.doesNotMatch(renderProblems(problems.slice(50), { color: false }), /more/);
});
