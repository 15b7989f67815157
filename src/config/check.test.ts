import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "./load.ts";
import { integer, list, table } from "./schema.ts";

const doc = "…";
const schema = table({
  limits: table({
    connections: integer({ doc, fallback: 1 }),
    requests: integer({ doc, fallback: 1 }),
  }),
  site: list(table({}), { doc, fallback: [] }),
});

const CASES = [
  {
    toml: "[limits]\n[limit]\n",
    says: "2:2 unknown key `limit` at the top level → did you mean `limits`, which line 1 has?",
  },
  {
    toml: "[limits]\nrequests = 1\nrequest = 2\n",
    says: "3:1 unknown key `request` in [limits] → did you mean `requests`, which line 2 has?",
  },
  {
    toml: "[limits]\nrequest = 2\n",
    says: "2:1 unknown key `request` in [limits] → did you mean `requests`?",
  },
  {
    toml: "[[site]]\n[[sites]]\n",
    says: "2:3 unknown key `sites` at the top level → did you mean `site`, which line 1 has?",
  },
  {
    toml: "[limits]\nconnections = inf\n",
    says: "2:15 inf is no number to count with; this is a whole number",
  },
  {
    toml: "[limits]\nconnections = -nan\n",
    says: "2:15 nan is no number to count with; this is a whole number",
  },
];
for (const { toml, says } of CASES) {
  test(`${JSON.stringify(toml)} says: ${says}`, () => {
    const problems = loadConfig(toml, "x.toml", schema);
    assert.ok(Array.isArray(problems));
    const said = problems.map(({ line, column, message, hint }) => {
      return `${line}:${column} ${message}${hint === null ? "" : ` → ${hint}`}`;
    });
    assert.deepEqual(said, [says]);
  });
}
