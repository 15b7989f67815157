import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "./config-error.ts";
import { configFromValue } from "./config-value.ts";

test("every problem is a line of the message, with its place and what would repair it", () => {
  const found = configFromValue({ lisen: 1, site: [{ route: [{ path: "/a" }] }] });
  assert.ok(Array.isArray(found));
  const error = new ConfigError(found);
  const [first, second, ...more] = error.message.split("\n").slice(1);
  assert.match(first!, /^ {2}lisen: unknown key .*\(did you mean `listen`\?\)$/);
  assert.match(second!, /^ {2}site\[0\]\.route\[0\]: this route has no handler/);
  assert.deepEqual(more, []);
  assert.equal(error.name, "ConfigError");
  assert.deepEqual(
    error.problems.map(({ path, hint }) => [path, hint]),
    [
      ["lisen", "did you mean `listen`?"],
      ["site[0].route[0]", null],
    ],
  );
});
