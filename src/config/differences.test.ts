import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "./differences.ts";
import { loadConfig } from "./load.ts";
import { integer, list, optional, record, size, table, text } from "./schema.ts";

const doc = "";
const schema = table({
  count: integer({ doc, fallback: 1 }),
  secret: optional(text({ doc })),
  body: size({ doc, fallback: "1 GiB" }),
  hosts: optional(list(text({ doc }), { doc })),
  env: record(text({ doc }), { doc, fallback: {} }),
  site: list(
    table(
      {
        root: text({ doc, fallback: "." }),
        route: list(table({ to: text({ doc }) }, { doc }), { doc, fallback: [] }),
      },
      { doc },
    ),
    { doc, fallback: [] },
  ),
});

function seen(before: string, after: string): string[] {
  return differences(treeOf(before), treeOf(after)).map((difference) => difference.text);
}

function treeOf(toml: string) {
  const loaded = loadConfig(toml, "test", schema);
  if (Array.isArray(loaded)) throw new Error(loaded.map(({ message }) => message).join("; "));
  return loaded.tree;
}

for (const [before, after, expected] of [
  ["", "", []],
  ["count = 1", "", []],
  ["count = 1\n\n# a comment", "  count=1", []],
  ["", "count = 2", ["count: 1 -> 2"]],
  ['secret = "old"', 'secret = "new"', ["secret: changed"]],
  ['secret = "old"', 'secret = "old"', []],
  [
    'hosts = ["r://u:pw@h/0"]',
    'hosts = ["r://:p:w@h"]',
    ['hosts: ["r://u:…@h/0"] -> ["r://:…@h"]'],
  ],
  ['hosts = ["http://h:80/a@b"]', "hosts = []", ['hosts: ["http://h:80/a@b"] -> []']],
  ['body = "2 GiB"', "", ['body: "2 GiB" -> "1 GiB"']],
  ['hosts = ["a"]', 'hosts = ["a", "b"]', ['hosts: ["a"] -> ["a", "b"]']],
  ['hosts = ["a"]', "", ["hosts: removed"]],
  ["", 'env = { "A B" = "1" }', ['env."A B": added']],
  ["[[site]]", '[[site]]\nroot = "b"', ['site 1, root: "." -> "b"']],
  ["[[site]]", "", ["site 1: removed"]],
  ["[[site]]", "[[site]]\n[[site]]", ["site 2: added"]],
  [
    '[[site]]\n[[site.route]]\nto = "a"',
    '[[site]]\n[[site.route]]\nto = "b"\n[[site.route]]\nto = "c"',
    ['site 1, route 1, to: "a" -> "b"', "site 1, route 2: added"],
  ],
  ['hosts = ["\\u001b[2J"]', "", ["hosts: removed"]],
] as const) {
  test(`${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
    assert.deepEqual(seen(before, after), expected);
  });
}

test("what would steer a terminal does not, and a long value is cut", () => {
  const [line = ""] = seen(
    '[[site]]\nroot = "\\u001b[2J"',
    `[[site]]\nroot = "${"x".repeat(500)}"`,
  );
  assert.doesNotMatch(line, /\x1b/);
  assert.ok(line.length < 200, line);
  assert.match(line, /x…$/);
});
