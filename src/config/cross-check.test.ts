import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadConfig, Loaded } from "./load.ts";
import { either, integer, list, oneOf, path, table, text } from "./schema.ts";
import { BROKEN } from "./sound.ts";

const doc = "…";
const folder = realpathSync(mkdtempSync(join(tmpdir(), "portico-across-")));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "www"));

test("what is sound is checked across keys, and told with all else", () => {
  const schema = table({
    workers: integer({ doc, fallback: 3 }),
    limits: table({ connections: integer({ doc, min: 1 }) }),
    site: list(table({ path: text({ doc }), static: table({}) }), { doc }),
  });
  const toml = '[limits]\nconnections = 0\n[[site]]\npath = "/x"\nstatic = { rot = 1 }\n';
  const seen: unknown[] = [];
  const problems = loadConfig(toml, join(folder, "portico.toml"), schema, (draft) => {
    assert.ok(draft.value !== BROKEN && draft.value.site !== BROKEN);
    assert.ok(draft.value.limits !== BROKEN && draft.value.limits.connections === BROKEN);
    seen.push(draft.value.workers);
    return [draft.problem(["site", 0, "path"], "across")];
  });
  assert.deepEqual(seen, [3]);
  assert.ok(Array.isArray(problems));
  assert.deepEqual(
    problems.map(({ line, message }) => [line, message.slice(0, 6)]),
    [
      [2, "0 is t"],
      [4, "across"],
      [5, "unknow"],
    ],
  );
});

const pairs = list(table({ low: integer({ doc }), high: integer({ doc }) }), {
  doc,
  fallback: [],
  whole: (all) =>
    all.flatMap(({ low, high }, index) =>
      low > high ? [{ path: [index, "high"], message: "below" }] : [],
    ),
});
const PAIRS = [
  { toml: "p = [{ low = 1, high = 2 }]", says: null },
  { toml: "p = [{ low = 1, high = 2 },\n{ low = 3, high = 2 }]", says: ["2:19 below"] },
  { toml: "p = [{ low = 'a', high = 2 }, { low = 3, high = 2 }]", says: ['1:14 "a"'] },
  { toml: "p = [{ low = 3, high = tow }]", says: ["1:24 `tow`"] },
];
for (const { toml, says } of PAIRS) {
  test(`${JSON.stringify(toml)} is asked as a whole where its parts are sound`, () => {
    const result = loadConfig(toml, "x.toml", table({ p: pairs }));
    const said =
      result instanceof Loaded
        ? null
        : result.map((problem) => {
            return `${problem.line}:${problem.column} ${problem.message.split(" ")[0]}`;
          });
    assert.deepEqual(said, says);
  });
}

const log = either(
  [
    oneOf(["off"], { doc }),
    path({ doc, kind: "output", exists: false, check: (text) => (text === "of" ? "no" : null) }),
  ],
  { doc },
);
const LOGS = [
  { toml: 'log = "off"', says: null },
  { toml: 'log = "/dev/null"', says: null },
  { toml: 'log = "of"', says: /^no$/ },
  { toml: 'log = "www"', says: /"www" is a folder; this is a file's path/ },
  { toml: 'log = ""', says: /the path is empty/ },
  { toml: 'log = "a\\u0000"', says: /NUL/ },
  { toml: "log = 5", says: /5 is a number; this is "off" or a file's path/ },
];
for (const { toml, says } of LOGS) {
  test(`${toml} of a word or a path gets the path's own words`, () => {
    const result = loadConfig(toml, join(folder, "x.toml"), table({ log }));
    if (says === null) assert.ok(result instanceof Loaded);
    else assert.match(Array.isArray(result) ? result[0]!.message : "", says);
  });
}
