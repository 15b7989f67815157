import assert from "node:assert/strict";
import { test } from "node:test";
import { integer, loadConfig, record, table } from "./index.ts";

const key = (name: string) => (name.startsWith(".") ? null : `${name} does not begin with a dot`);
const schema = table({ suffixes: record(integer({ doc: "" }), { doc: "", key }) });

test("a record's keys pass where their check finds nothing", () => {
  const loaded = loadConfig('suffixes = { ".a" = 1 }\n', "portico.toml", schema);
  assert.ok(!Array.isArray(loaded));
  assert.deepEqual({ ...loaded.value.suffixes }, { ".a": 1 });
});

test("each bad key of a record is a problem at its own place, beside those of the values", () => {
  const toml = 'suffixes = { "b" = 1, ".c" = "x", "d" = 2 }\n';
  const problems = loadConfig(toml, "portico.toml", schema);
  assert.ok(Array.isArray(problems));
  assert.deepEqual(
    problems.map(({ column }) => column).toSorted((a, b) => a - b),
    [14, 30, 35],
  );
  assert.match(problems[0]!.message, /^b does not begin with a dot$/);
});
