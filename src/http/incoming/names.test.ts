import assert from "node:assert/strict";
import { test } from "node:test";
import { safeName } from "../../storage/index.ts";
import { freshName, mendedName } from "./names.ts";

const MENDED: readonly [given: string, name: string | null][] = [
  ["a.txt", "a.txt"],
  ["C:\\Users\\me\\a.txt", "a.txt"],
  ["/etc/passwd", "passwd"],
  ["../../a", "a"],
  ["..\\..\\a", "a"],
  ["/\\a", "a"],
  [".hidden", "hidden"],
  ["...a...", "a"],
  [" a ", "a"],
  ["", null],
  [".", null],
  ["..", null],
  [" . . ", null],
  ["/", null],
  ["dir/", null],
  ["dir\\", null],
  ["a\0b", "a_b"],
  ["a\nb", "a_b"],
  ["\u202Ecod.exe", "_cod.exe"],
  ["a\u2028b", "a_b"],
  ["\uD800", "\uFFFD"],
  ["e\u0301", "é"],
  ["con", "_con"],
  ["NUL.txt", "_NUL.txt"],
  ["a:b\u0007", "a_b_"],
  [`${"x".repeat(500)}.jpeg`, `${"x".repeat(175)}.jpeg`],
  ["é".repeat(500), "é".repeat(90)],
  ["👩‍🚀".repeat(50), "👩‍🚀".repeat(16) + "👩"],
  [`a.${"x".repeat(500)}`, `a.${"x".repeat(178)}`],
];
for (const [given, name] of MENDED) {
  const what = `${JSON.stringify(given.slice(0, 30))} becomes ${name?.slice(0, 30) ?? "none"}`;
  test(what, () => {
    assert.equal(mendedName(given), name);
  });
}

test("whatever is given, what comes of it is a name, or none", () => {
  for (let code = 0; code < 0x3000; code += 1) {
    for (const given of [String.fromCodePoint(code), `a${String.fromCodePoint(code)}`]) {
      const name = mendedName(given);
      assert.ok(name === null || safeName(name) === name, JSON.stringify(given));
    }
  }
});

test("a fresh name says when, has the type's ending, and is another each time", () => {
  const nowMs = Date.UTC(2026, 10, 2, 3, 4, 5, 678);
  assert.match(freshName("application/json", nowMs), /^upload_20261102_030405_[a-z0-9]{6}\.json$/);
  assert.match(freshName("image/jpeg", nowMs), /\.jpe?g$/);
  assert.match(freshName("nobody/knows", nowMs), /\.bin$/);
  assert.match(freshName("../../etc", nowMs), /^[\w.]+$/);
  assert.notEqual(freshName("a/b", nowMs), freshName("a/b", nowMs));
});
