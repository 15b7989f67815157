import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, table } from "../../config/index.ts";
import { options } from "./options.ts";

const schema = table({ headers: options });

test("names and values that can be sent are taken", () => {
  const toml = 'headers = { "X-Frame-Options" = "DENY", Vary = "Origin" }\n';
  const loaded = loadConfig(toml, "portico.toml", schema);
  assert.ok(!Array.isArray(loaded));
  assert.deepEqual({ ...loaded.value.headers }, { "X-Frame-Options": "DENY", Vary: "Origin" });
});

for (const [name, value] of [
  ["Content-Length", "5"],
  ["X Y", "a"],
  ["X\r\nY", "a"],
  ["X-A", "a\r\nX-B: b"],
  ["X-A", "grüße"],
] as const) {
  test(`${JSON.stringify(name)} = ${JSON.stringify(value)} is found at once`, () => {
    const toml = `headers = { ${JSON.stringify(name)} = ${JSON.stringify(value)} }\n`;
    const problems = loadConfig(toml, "portico.toml", schema);
    assert.ok(Array.isArray(problems));
    assert.equal(problems.length, 1);
  });
}
