import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { inlineToml } from "./node.ts";
import { treeOfValue } from "./value-tree.ts";

for (const [value, toml] of [
  ["a", '"a"'],
  [true, "true"],
  [8, "8"],
  [1.5, "1.5"],
  [Number.NaN, "nan"],
  [["a", 1, [false]], '["a", 1, [false]]'],
  [{ a: { b: 1 }, "c d": 2 }, '{ a = { b = 1 }, "c d" = 2 }'],
  [{ a: undefined, b: 1 }, "{ b = 1 }"],
  [Object.assign(Object.create(null) as object, { a: 1 }), "{ a = 1 }"],
  [runInNewContext("({ a: [1] })"), "{ a = [1] }"],
  [JSON.parse('{"__proto__": {"a": 1}}'), "{ __proto__ = { a = 1 } }"],
  [[undefined, null], "[…, …]"],
] as const) {
  test(`${JSON.stringify(value)} is read as ${toml}`, () => {
    assert.equal(inlineToml(treeOfValue(value, "config").root), toml);
  });
}

for (const value of [null, undefined, 1n, Symbol("a"), () => 1, new Date(0), /a/, new Map()]) {
  test(`${inspect(value)} is nothing that a file holds`, () => {
    const { root } = treeOfValue(value, "config");
    assert.equal(root.kind, "code");
    assert.equal((root as { value: unknown }).value, value);
  });
}

test("each node's line says by which keys one gets there, in the order of the value", () => {
  const { places } = treeOfValue({ b: [{ "x-y": 1, a: "\n" }], 'a"\n': [2] }, "config");
  assert.deepEqual(places.lines, [
    "config",
    "b",
    "b[0]",
    'b[0]["x-y"]',
    "b[0].a",
    '["a\\"\\n"]',
    '["a\\"\\n"][0]',
  ]);
});

test("an object that holds itself is read to a bound", () => {
  const value: Record<string, unknown> = {};
  value["a"] = value;
  const { places } = treeOfValue(value, "config");
  assert.ok(places.lines.length < 1000);
});
