import assert from "node:assert/strict";
import { test } from "node:test";
import { printable, withEscapes } from "./printable.ts";

for (const character of ["\0", "\x1b", "\n", "\r", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"]) {
  test(`${JSON.stringify(character)} reaches no terminal`, () => {
    assert.equal(printable(`a${character}[2Jb`), "a\ufffd[2Jb");
  });
}

test("letters of any script and tabs stay what they are", () => {
  assert.equal(printable("Grüße\t中文 🏛 \u200d"), "Grüße\t中文 🏛 \u200d");
});

test("JSON with escapes means the same, and steers no terminal", () => {
  const value = ["\x9b2J", "a\u202eb", "\x7f", "\x1b", "é"];
  const text = withEscapes(JSON.stringify(value));
  assert.equal(text, '["\\u009b2J","a\\u202eb","\\u007f","\\u001b","é"]');
  assert.deepEqual(JSON.parse(text), value);
});
