import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { loadConfig, Loaded } from "./load.ts";
import { renderProblems } from "./render.ts";
import * as config from "./schema.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "portico-load-")));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, "www"));

const { address, duration, either, flag, integer, list, oneOf, optional } = config;
const { path, record, size, table, text } = config;
const doc = "…";
const route = table({
  path: text({ doc, example: "/pics/*" }),
  static: optional(table({ root: path({ doc, kind: "folder", exists: true }) })),
  redirect: optional(
    table({ to: text({ doc }), status: oneOf([301, 308], { doc, fallback: 308 }) }),
  ),
  headers: record(text({ doc }), { doc, fallback: {} }),
});
const schema = table({
  workers: either([oneOf(["auto"], { doc }), integer({ doc, min: 1, max: 64, example: 2 })], {
    doc,
    fallback: "auto",
  }),
  requestId: flag({ doc, fallback: false }),
  data: path({ doc, kind: "folder", exists: false, fallback: "var" }),
  listen: list(table({ address: address({ doc }) }), {
    doc,
    fallback: [{ address: "127.0.0.1:8080" }],
  }),
  limits: table({
    connections: integer({ doc, min: 1, fallback: 100 }),
    bodyBytes: size({ doc, min: "1 KiB", fallback: "1 GiB" }),
  }),
  timeouts: table({ header: duration({ doc, fallback: "10s", max: "1h" }) }),
  methods: list(text({ doc, pattern: /[A-Z]+/, example: "GET" }), { doc, fallback: [] }),
  site: list(
    table({
      root: optional(path({ doc, kind: "folder", exists: true })),
      route: list(route, { doc, fallback: [] }),
    }),
    { doc, fallback: [] },
  ),
});

function load(toml: string) {
  return loadConfig(toml, join(folder, "portico.toml"), schema);
}

function loaded(toml: string) {
  const config = load(toml);
  assert.ok(config instanceof Loaded, JSON.stringify(config));
  return config;
}

/** What `toml`'s problems say, each as `line:column message` with its hint after an arrow. */
function complaints(toml: string): string[] {
  const problems = load(toml);
  assert.ok(Array.isArray(problems), `taken: ${toml}`);
  return problems.map(({ line, column, message, hint }) => {
    return `${line}:${column} ${message}${hint === null ? "" : ` → ${hint}`}`;
  });
}

test("an empty file is all fallbacks", () => {
  assert.deepEqual(loaded("").value, {
    workers: "auto",
    requestId: false,
    data: join(folder, "var"),
    listen: [{ address: { kind: "tcp", host: "127.0.0.1", port: 8080 } }],
    limits: { connections: 100, bodyBytes: 1024 ** 3 },
    timeouts: { header: 10_000 },
    methods: [],
    site: [],
  });
});

test("values come in the program's units, paths absolute, keys left out undefined", () => {
  const { value } = loaded(
    'workers = 3\nlimits.bodyBytes = 2048\n[timeouts]\nheader = "1.5s"\n' +
      '[[listen]]\naddress = 80\n[[site]]\nroot = "www"\n[[site.route]]\npath = "/a"\n',
  );
  assert.equal(value.workers, 3);
  assert.deepEqual(value.limits, { connections: 100, bodyBytes: 2048 });
  assert.equal(value.timeouts.header, 1500);
  assert.deepEqual(value.listen[0]!.address, { kind: "tcp", host: "127.0.0.1", port: 80 });
  assert.equal(value.site[0]!.root, join(folder, "www"));
  const { route } = value.site[0]!;
  assert.equal(route[0]?.static, undefined);
});

test("a byte order mark before the first key is not seen", () => {
  assert.equal(loaded("\ufeffworkers = 2\n").value.workers, 2);
});

test("names of Object's prototype are keys like any other in a record", () => {
  const { value } = loaded(
    '[[site]]\n[[site.route]]\npath = "/"\nheaders = { __proto__ = "p", constructor = "c" }\n',
  );
  const { headers } = value.site[0]!.route[0]!;
  assert.equal(headers["constructor"], "c");
  assert.equal(Object.getPrototypeOf(headers), null);
  assert.deepEqual(Object.entries(headers), [
    ["__proto__", "p"],
    ["constructor", "c"],
  ]);
  assert.equal(({} as Record<string, unknown>)["p"], undefined);
});

const BAD: { toml: string; says: string[] }[] = [
  {
    toml: '[[listen]]\nadress = "127.0.0.1:0"\n',
    says: ["2:1 unknown key `adress` in [[listen]] → did you mean `address`?"],
  },
  {
    toml: "[limit]\nconnections = 5\n",
    says: ["1:2 unknown key `limit` at the top level → did you mean `limits`?"],
  },
  {
    toml: "connections = 5\n",
    says: ["1:1 unknown key `connections` at the top level → that key belongs in [limits]"],
  },
  {
    toml: '[[route]]\npath = "/"\n',
    says: ["1:3 unknown key `route` at the top level → it is [[site.route]]"],
  },
  {
    toml: "[timeouts]\nx = 1\n",
    says: ["2:1 unknown key `x` in [timeouts] → keys here: header"],
  },
  {
    toml: "[timeouts]\n__proto__ = 1\ntoString = 1\n",
    says: [
      "2:1 unknown key `__proto__` in [timeouts] → keys here: header",
      "3:1 unknown key `toString` in [timeouts] → keys here: header",
    ],
  },
  {
    toml: 'workers = "many"\n',
    says: ['1:11 "many" is not "auto" or a whole number from 1 to 64, such as 2'],
  },
  {
    toml: 'workers = "atuo"\n',
    says: [
      '1:11 "atuo" is not "auto" or a whole number from 1 to 64, such as 2 → did you mean "auto"?',
    ],
  },
  { toml: "workers = 0\n", says: ["1:11 0 is too small; the number has to be from 1 to 64"] },
  {
    toml: "workers = true\n",
    says: ['1:11 true is a flag; this is "auto" or a whole number from 1 to 64, such as 2'],
  },
  {
    toml: 'requestId = "true"\n',
    says: ['1:13 "true" is text; this is a flag: true or false → without quotes: true'],
  },
  {
    toml: '[timeouts]\nheader = "ten"\n',
    says: [
      '2:10 "ten" is not a duration, such as "30s" or "500ms" → units of time: ms, s, m, h, d',
    ],
  },
  {
    toml: "[timeouts]\nheader = 30\n",
    says: ['2:10 30 what? A duration has a unit: write "30s" or "30ms"'],
  },
  {
    toml: '[timeouts]\nheader = "64 KiB"\n',
    says: ['2:10 64 KiB is a size; this is a duration, such as "30s" or "500ms"'],
  },
  {
    toml: '[timeouts]\nheader = "2h"\n',
    says: ['2:10 "2h" is too large; the duration has to be at most 1h'],
  },
  {
    toml: '[limits]\nbodyBytes = "10s"\n',
    says: ['2:13 10s is a duration; this is a size, such as "64 KiB" or "1 GiB"'],
  },
  {
    toml: '[limits]\nbodyBytes = "1 GX"\n',
    says: [
      '2:13 "1 GX" is not a size, such as "64 KiB" or "1 GiB"' +
        " → units of size: B, KiB, MiB, GiB, TiB, kB, KB, MB, GB, TB",
    ],
  },
  {
    toml: '[limits]\nbodyBytes = "0.7 KB"\nconnections = 1.5\n',
    says: [
      '2:13 "0.7 KB" is too small; the size has to be at least 1 KiB',
      "3:15 1.5 is a number with a fraction; this is a whole number of at least 1",
    ],
  },
  {
    toml: "[limits]\nconnections = 99999999999999999999\n",
    says: ["2:15 the number is too large to count with"],
  },
  {
    toml: "[limits]\nconnections = 1979-05-27\n",
    says: ["2:15 1979-05-27 is a date; this is a whole number of at least 1"],
  },
  {
    toml: 'limits = 5\nlisten = "8080"\n[[timeouts]]\n',
    says: [
      "1:10 5 is a number; this is a table",
      '2:10 "8080" is text; this is a list → write [[listen]]',
      "3:3 here is a list; this is a table → there is only one: write [timeouts]",
    ],
  },
  {
    toml: '[listen]\naddress = "8080"\n',
    says: ["1:2 here is a table; this is a list → write [[listen]]"],
  },
  {
    toml: '[[listen]]\naddress = "localhost:99999"\n',
    says: ['2:11 "99999" is not a port; ports go from 0 (any) to 65535'],
  },
  {
    toml: "data = 5\n",
    says: ['1:8 5 is a number; this is a folder\'s path, such as "public" → in quotes: "5"'],
  },
  { toml: 'methods = "A"\n', says: ['1:11 "A" is text; this is a list → in a list: ["A"]'] },
  {
    toml: 'methods = ["GET", "get"]\n',
    says: ['1:19 "get" is not of the form that is wanted here, such as "GET"'],
  },
  {
    toml: "[[site]]\n[[site.route]]\n",
    says: ['2:3 `path` is missing in [[site.route]] → it is text, such as path = "/pics/*"'],
  },
  {
    toml: '[[site]]\nroute = [{ path = "/", redirect = { status = 307 } }]\n',
    says: [
      "2:35 `to` is missing in [site.route.redirect] → it is text",
      "2:46 307 is not 301 or 308",
    ],
  },
];
for (const { toml, says } of BAD) {
  test(`${JSON.stringify(toml)} is refused in words that repair`, () => {
    assert.deepEqual(complaints(toml), says);
  });
}

test("a folder that is not there is told as written and as looked for", () => {
  const [said, ...others] = complaints('[[site]]\nroot = "nowhere"\n');
  assert.ok(said?.startsWith(`2:8 there is no folder "nowhere": looked for ${folder}/nowhere`));
  assert.deepEqual(others, []);
});

test("broken lines and bad values are told together, and no key is missed in broken lines", () => {
  const toml = '[timeouts]\nheader = "ten"\n[[listen]]\naddress = 127.0.0.1:80\n';
  assert.deepEqual(
    complaints(toml).map((said) => said.slice(0, 14)),
    ['2:10 "ten" is ', "4:11 `127.0.0."],
  );
});

const PLACED = '[[site]]\n[[site.route]]\npath = "/x"\nredirect = { to = "/y" }\n';
const PLACES = [
  { path: ["site", 0, "route", 0, "path"], onKey: false, at: [3, 8, 4] },
  { path: ["site", 0, "route", 0, "path"], onKey: true, at: [3, 1, 4] },
  { path: ["site", 0, "route", 0, "redirect", "to"], onKey: false, at: [4, 19, 4] },
  { path: ["site", 0, "route", 0, "redirect", "status"], onKey: false, at: [4, 1, 8] },
  { path: ["site", 0, "route", 0], onKey: false, at: [2, 3, 10] },
  { path: ["site", 0, "route", 0, "headers"], onKey: false, at: [2, 3, 10] },
  { path: ["site", 0, "route", 7, "path"], onKey: false, at: [2, 8, 5] },
  { path: ["limits", "connections"], onKey: false, at: [1, 1, 1] },
  { path: ["nothing", "of", "it"], onKey: true, at: [1, 1, 1] },
  { path: ["constructor"], onKey: false, at: [1, 1, 1] },
  { path: [], onKey: false, at: [1, 1, 1] },
];
for (const { path, onKey, at } of PLACES) {
  test(`a later problem of ${path.join(".") || "the whole"} is at line ${at[0]}, ${at[1]}`, () => {
    const problem = loaded(PLACED).problem(path, "no", { onKey, hint: "do" });
    assert.deepEqual([problem.line, problem.column, problem.length], at);
    assert.equal(problem.hint, "do");
  });
}

test("an origin is the line of the file, or default", () => {
  const config = loaded(PLACED);
  assert.deepEqual(config.origin(["site", 0, "route", 0, "path"]), { line: 3, column: 8 });
  assert.equal(config.origin(["site", 0, "route", 0, "redirect", "status"]), "default");
  assert.equal(config.origin(["workers"]), "default");
  assert.equal(config.origin(["site", 5]), "default");
});

const WORDS = [
  ..."[]{}=.,\"'#\n\r\t \\-_",
  ...'[[site]]|[[site.route]]|[limits]|workers = 2|__proto__|path = "/"|\'\'\'|"""'.split("|"),
  ...'1|1.5|inf|1979-05-27|true|\ufeff|\u0001|é|💾|constructor|header = 10s\n|root = "www"'.split(
    "|",
  ),
];

test("no text throws, and every problem is at a place that the text has", () => {
  const toml = fc.oneof(
    fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(toml, (text) => {
      const result = load(text);
      if (result instanceof Loaded) return;
      assert.ok(result.length > 0);
      const lines = text.split(/\r?\n/).length;
      for (const { line, column } of result) {
        assert.ok(line >= 1 && line <= lines && column >= 1, `${line}:${column}`);
      }
      assert.ok(renderProblems(result, { color: false }).includes("portico.toml:"));
    }),
    { numRuns: 1000 },
  );
});
