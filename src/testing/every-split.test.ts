import assert from "node:assert/strict";
import { test } from "node:test";
import { everySplit, lend } from "./index.ts";

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

test("the one outcome is returned", () => {
  const seen = everySplit("a\xe9\r\n", (pieces) => [...pieces].map(textOf).join("").length);
  assert.equal(seen, 4);
});

test("a parser that sees the cuts is found out", () => {
  assert.throws(() => everySplit("abc", (pieces) => [...pieces].length), assert.AssertionError);
});

test("a parser that is wrong at one cut alone is found out", () => {
  const run = (pieces: Iterable<Uint8Array>): boolean => {
    for (const piece of pieces) if (textOf(piece) === "abc") return true;
    return false;
  };
  assert.throws(() => everySplit("abcdef", run), assert.AssertionError);
});

test("a parser that keeps a piece is found out", () => {
  const keep = (pieces: Iterable<Uint8Array>): string => {
    const kept: Uint8Array[] = [];
    for (const piece of pieces) kept.push(piece);
    return kept.map(textOf).join("");
  };
  assert.throws(() => {
    assert.equal(everySplit("ab", keep), "ab");
  }, assert.AssertionError);
});

test("a lent piece is gone once the next is asked for", () => {
  const pieces = lend(["ab", "c"]);
  const first = pieces.next().value!;
  assert.equal(textOf(first), "ab");
  pieces.next();
  assert.equal(textOf(first), "!!");
});

test("an empty wire is fed as no bytes", () => {
  assert.equal(
    everySplit("", (pieces) => [...pieces].reduce((sum, { length }) => sum + length, 0)),
    0,
  );
});
