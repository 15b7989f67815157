import assert from "node:assert/strict";
import { test } from "node:test";
import { EnvironmentBlock } from "./environment-block.ts";

const textOf = (block: EnvironmentBlock): string => Buffer.from(block.take()).toString("latin1");

test("each variable ends with a NUL, values as UTF-8 or byte by byte", () => {
  const block = new EnvironmentBlock();
  block.text("PATH_INFO", "/ü");
  block.latin1("HTTP_A", "\u00ff");
  block.text("EMPTY", "");
  assert.equal(textOf(block), "PATH_INFO=/\u00c3\u00bc\0HTTP_A=\u00ff\0EMPTY=\0");
});

test("what was written before goes before", () => {
  const before = new EnvironmentBlock();
  before.text("A", "1");
  const ready = before.take();
  const block = new EnvironmentBlock();
  block.ready(ready);
  block.text("B", "2");
  assert.equal(textOf(block), "A=1\0B=2\0");
});

for (const [name, value] of [
  ["one byte a character", "x"],
  ["three bytes a character", "€"],
  ["four bytes for two units", "😀"],
] as const) {
  test(`values of any length are whole: ${name}`, () => {
    for (const length of [1, 1000, 1364, 1365, 1366, 4096, 20_000]) {
      const block = new EnvironmentBlock();
      const long = value.repeat(length);
      block.text("A", long);
      block.text("B", "end");
      assert.equal(Buffer.from(block.take()).toString(), `A=${long}\0B=end\0`);
    }
  });
}

test("one that begins anew has nothing of before", () => {
  const block = new EnvironmentBlock();
  block.text("A", "long ago");
  block.reset();
  assert.equal(textOf(block), "");
  block.text("B", "1");
  assert.equal(textOf(block), "B=1\0");
});
