import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../base/failure.ts";
import { namesOf, numbered, safeName } from "./names.ts";

const REFUSED = [
  "",
  ".",
  "..",
  ".htaccess",
  ".portico",
  "...",
  "a/b",
  "/etc/passwd",
  "..\\..\\a",
  "C:\\fakepath\\a.png",
  "a\0.png",
  "a\nb",
  "a\rb",
  "a\tb",
  "a\x1b[31m",
  "a\x7f",
  "a\u0085b", // next line
  "a\u2028b", // line separator
  "a\u202egnp.exe", // right to left: shown as "aexe.png"
  "\u2066a\u2069",
  "a\u200bb", // zero width space
  "\ufeffa",
  "a\u00adb", // soft hyphen
  "a\ue000", // private use
  "a\ud800b", // half a character
  "a.",
  "a ",
  " a",
  "a. .",
  "CON",
  "con.txt",
  "nul.tar.gz",
  "LPT1",
  "com9.log",
  "COM¹",
  "aux ",
  "aux .txt",
  "CONIN$",
  "a".repeat(201),
  "é".repeat(101),
  "\u{1f3db}".repeat(51),
];
for (const name of REFUSED) {
  test(`${JSON.stringify(name).slice(0, 40)} is no name for a file`, () => {
    assert.equal(safeName(name), null);
  });
}

const TAKEN = [
  ["a", "a"],
  ["a b.txt", "a b.txt"],
  ["e\u0301.txt", "\u00e9.txt"], // NFC
  ["10:30 what? *really* <yes>|.txt", "10:30 what? *really* <yes>|.txt"],
  ["a..b", "a..b"],
  ["console.log", "console.log"],
  ["com10", "com10"],
  ["日本語.txt", "日本語.txt"],
  ["👨‍👩‍👧.jpg", "👨‍👩‍👧.jpg"], // held together by joiners
  ["می\u200cخواهم", "می\u200cخواهم"],
  ["%2e%2e%2f", "%2e%2e%2f"],
  ["~", "~"],
  ["-rf", "-rf"],
  ["a".repeat(200), "a".repeat(200)],
] as const;
for (const [given, name] of TAKEN) {
  test(`${JSON.stringify(given).slice(0, 40)} is a name`, () => {
    assert.equal(safeName(given), name);
  });
}

for (const rule of ["safe", "any"] as const) {
  for (const path of [
    "",
    "/",
    "a/",
    "/a",
    "a//b",
    "a/../b",
    "./a",
    ".portico-a/a",
    "a/.portico-b",
  ]) {
    test(`${JSON.stringify(path)} leads nowhere for ${rule} names`, () => {
      assert.ok(namesOf(path, rule) instanceof Failure);
    });
  }
}

test("a path is as deep as it may be, and no deeper", () => {
  assert.deepEqual(namesOf("a/b", "safe"), ["a", "b"]);
  assert.equal((namesOf("a/".repeat(31) + "b", "safe") as string[]).length, 32);
  assert.ok(namesOf("a/".repeat(32) + "b", "safe") instanceof Failure);
});

test("who knows what it says may use other names", () => {
  assert.deepEqual(namesOf(".a/CON/b\\c ", "any"), [".a", "CON", "b\\c "]);
  assert.ok(namesOf("a".repeat(256), "any") instanceof Failure);
  assert.ok(namesOf("a\0", "any") instanceof Failure);
});

const NUMBERED = [
  ["a.txt", 1, "a-1.txt"],
  ["a", 2, "a-2"],
  ["a.tar.gz", 3, "a.tar-3.gz"],
  [".a", 1, ".a-1"],
  ["a.", 1, "a-1."],
  [`a.${"long ".repeat(10)}`, 1, `a.${"long ".repeat(10)}-1`],
] as const;
for (const [name, number, expected] of NUMBERED) {
  test(`${name} becomes ${expected}`, () => {
    assert.equal(numbered(name, number), expected);
  });
}

test("a number never makes a name longer than a name can be", () => {
  for (const name of ["é".repeat(100), `${"\u{1f3db}".repeat(63)}.x`, "a".repeat(255)]) {
    const long = numbered(name, 12_345_678);
    assert.ok(Buffer.byteLength(long) <= 255);
    assert.ok(long.isWellFormed());
    assert.match(long, /-12345678/);
  }
});
