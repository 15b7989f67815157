import assert from "node:assert/strict";
import { test } from "node:test";
import { withModules } from "../../testing/index.ts";
import { ModuleFailed } from "./module-failed.ts";

const BROKEN: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Behind the folder. */
  readonly words: RegExp;
}[] = [
  {
    name: "a syntax error",
    files: { "app.ts": "export const a = 1;\nlet b = = 2;\n" },
    words: /^app\.ts:2: SyntaxError: Expression expected$/,
  },
  {
    name: "a syntax error two files away",
    files: { "app.ts": 'import "./b.mjs";', "b.mjs": "\n\nlet = ;" },
    words: /^b\.mjs:3: SyntaxError: /,
  },
  {
    name: "TypeScript that is more than types",
    files: { "app.ts": "export const a = 1;\n\nenum Color { Red }\n" },
    words: /^app\.ts:3: SyntaxError: TypeScript enum is not supported in strip-only mode$/,
  },
  {
    name: "a file that is not there",
    files: { "app.ts": 'import "./b.ts";', "b.ts": 'const a = 1;\nimport "./gone.ts";' },
    words: /^b\.ts:2: it imports "\.\/gone\.ts", which was not found$/,
  },
  {
    name: "a package that is not there",
    files: { "app.ts": '\nimport "no-such-package";' },
    words: /^app\.ts:2: it imports "no-such-package", which was not found$/,
  },
  {
    name: "a name that is not exported",
    files: { "app.ts": '\n\nimport { no } from "./b.ts";', "b.ts": "export const yes = 1;" },
    words: /^app\.ts:3: SyntaxError: .*does not provide an export named 'no'$/,
  },
  {
    name: "code that throws",
    files: { "app.ts": 'import "./b.ts";', "b.ts": 'export {};\n\nthrow new Error("no good");' },
    words: /^b\.ts:3: no good$/,
  },
  {
    name: "code that throws what is no error",
    files: { "app.ts": 'export {};\nthrow "text";' },
    words: /^app\.ts: it threw text$/,
  },
  {
    name: "a rejection at the top level",
    files: { "app.ts": 'export {};\nawait Promise.reject(new TypeError("later"));' },
    words: /^app\.ts:2: TypeError: later$/,
  },
  {
    name: "CommonJS with a syntax error",
    files: { "app.ts": 'import "./c.cjs";', "c.cjs": "\nlet a = ;" },
    words: /^c\.cjs:2: SyntaxError: Unexpected token ';'$/,
  },
  {
    name: "JSON that is none",
    files: { "app.ts": 'import a from "./a.json" with { type: "json" };', "a.json": '{"a":' },
    words: /^a\.json: SyntaxError: Unexpected end of JSON input$/,
  },
  { name: "no file", files: {}, words: /^app\.ts: there is no such file$/ },
];

for (const { name, files, words } of BROKEN) {
  test(`${name} is told with its place, and mended it loads`, () =>
    withModules(files, async (folder) => {
      const error = await folder.prepare(["app.ts"]).catch((caught: unknown) => caught);
      assert.ok(error instanceof ModuleFailed, String(error));
      assert.ok(error.message.startsWith(`${folder.path}/`), error.message);
      assert.match(error.message.slice(folder.path.length + 1), words);
      folder.graphs.discard();
      folder.write({ "app.ts": "export const value = 1;" });
      const [app] = await folder.load("app.ts");
      assert.deepEqual({ ...app }, { value: 1 });
    }));
}

test("a top level that does not end is given up at the deadline", () =>
  withModules({ "app.ts": "await new Promise(() => {});" }, async (folder) => {
    const waiting = folder.graphs.prepare([folder.at("app.ts")], { deadlineMs: 10 });
    await assert.rejects(waiting, /app\.ts: its top level has not ended within 0\.01 s$/);
  }));

test("two that import what throws: the first is told, and nothing is left unhandled", () =>
  withModules(
    { "a.ts": 'import "./c.ts";', "b.ts": 'import "./c.ts";', "c.ts": 'throw new Error("c");' },
    async (folder) => {
      await assert.rejects(folder.prepare(["a.ts", "b.ts"]), /c\.ts:1: c$/);
      folder.graphs.discard();
      await assert.rejects(folder.prepare(["b.ts", "a.ts"]), /c\.ts:1: c$/);
    },
  ));

test("one that breaks between two loads leaves what was there", () =>
  withModules({ "app.ts": "export const value = 1;" }, async (folder) => {
    const [first] = await folder.load("app.ts");
    for (const broken of ["let =", "throw new Error('x')", 'import "./gone.ts"']) {
      folder.write({ "app.ts": broken });
      await assert.rejects(folder.prepare(["app.ts"]), ModuleFailed);
      folder.graphs.discard();
      assert.equal(folder.graphs.exports(folder.at("app.ts")), first);
    }
  }));
