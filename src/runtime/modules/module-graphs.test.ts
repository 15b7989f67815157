import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { test } from "node:test";
import { ModuleFolder, withModules } from "../../testing/index.ts";

type Export = Readonly<Record<string, unknown>>;
const valueOf = (exports: Export | undefined): unknown => exports!["value"];

// What a change of the last file does to the value of the first.
const CHAINS: Readonly<Record<string, readonly (readonly [name: string, text: string])[]>> = {
  "a file alone": [["app.ts", "export const value: number = @;"]],
  "a graph three files deep": [
    ["app.ts", 'export { value } from "./a.ts";'],
    ["a.ts", 'export { value } from "./lib/b.ts";'],
    ["lib/b.ts", "export const value = @;"],
  ],
  "JSON, imported": [
    ["app.ts", 'import json from "./v.json" with { type: "json" }; export const value = json.v;'],
    ["v.json", '{ "v": @ }'],
  ],
  "CommonJS, imported": [
    ["app.ts", 'import { value } from "./c.cjs"; export { value };'],
    ["c.cjs", "exports.value = @;"],
  ],
  "CommonJS that requires CommonJS": [
    ["app.ts", 'import c from "./c.cjs"; export const value = c.value;'],
    ["c.cjs", 'exports.value = require("./d.cjs");'],
    ["d.cjs", "module.exports = @;"],
  ],
  "JSON that CommonJS requires": [
    ["app.ts", 'import c from "./c.cjs"; export const value = c.value.v;'],
    ["c.cjs", 'exports.value = require("./v.json");'],
    ["v.json", '{ "v": @ }'],
  ],
  "CommonJS of TypeScript": [
    ["app.ts", 'import c from "./c.cts"; export const value = c.value;'],
    ["c.cts", "exports.value = @ as number;"],
  ],
  "what createRequire requires": [
    [
      "app.ts",
      'import { createRequire } from "node:module";' +
        'export const value = createRequire(import.meta.url)("./c.cjs");',
    ],
    ["c.cjs", "module.exports = @;"],
  ],
  "two files that import each other": [
    ["app.ts", 'import { b } from "./b.ts"; export const a = 1; export const value = b();'],
    ["b.ts", 'import { a } from "./app.ts"; export const b = () => a && @;'],
  ],
  "a file behind import() at the top level": [
    ["app.ts", 'export const { value } = await import("./b.mts");'],
    ["b.mts", "export const value: number = @;"],
  ],
  "a package": [
    ["app.ts", 'import { value } from "pack"; export { value };'],
    ["node_modules/pack/package.json", '{ "type": "module", "exports": "./i.js" }'],
    ["node_modules/pack/i.js", 'export * from "./sub.js";'],
    ["node_modules/pack/sub.js", "export const value = @;"],
  ],
  "a package of CommonJS": [
    ["app.ts", 'import pack from "pack"; export const value = pack.value;'],
    ["node_modules/pack/package.json", '{ "main": "i.js" }'],
    ["node_modules/pack/i.js", 'exports.value = require("./sub.js");'],
    ["node_modules/pack/sub.js", "module.exports = @;"],
  ],
};

for (const [name, chain] of Object.entries(CHAINS)) {
  test(`${name}: changed, it is loaded anew with all that leads to it; unchanged, nothing is`, () =>
    withModules(
      Object.fromEntries(chain.map(([file, text]) => [file, text.replace("@", "1")])),
      async (folder) => {
        const [first] = await folder.load("app.ts");
        assert.equal(valueOf(first), 1);
        const [again] = await folder.load("app.ts");
        assert.equal(again, first, "the same namespace");
        const [file, text] = chain.at(-1)!;
        for (const next of [2, 3]) {
          folder.write({ [file]: text.replace("@", String(next)) });
          const [changed] = await folder.load("app.ts");
          assert.equal(valueOf(changed), next);
        }
        assert.equal(valueOf(first), 1, "who has the old one keeps it");
        assert.equal(folder.graphs.generations, 3);
      },
    ));
}

const PAIR = {
  "one.ts": 'export { value } from "./both.ts"; export const own = 1;',
  "two.ts": 'export { value } from "./both.ts"; export const own = 1;',
  "lone.ts": "export const value = {};",
  "both.ts": "export const value = {};",
};

test("what two share is one, and stays one when one of them changes", () =>
  withModules(PAIR, async (folder) => {
    const [one, two, lone] = await folder.load("one.ts", "two.ts", "lone.ts");
    assert.equal(valueOf(one), valueOf(two));
    folder.write({ "one.ts": `${PAIR["one.ts"]}\n// changed` });
    const [newOne, newTwo, newLone] = await folder.load("one.ts", "two.ts", "lone.ts");
    assert.notEqual(newOne, one);
    assert.notEqual(newTwo, two);
    assert.equal(valueOf(newOne), valueOf(newTwo));
    assert.equal(newLone, lone, "who shares nothing stays");
  }));

test("who comes later shares what is there", () =>
  withModules(PAIR, async (folder) => {
    const [one] = await folder.load("one.ts");
    const [same, two] = await folder.load("one.ts", "two.ts");
    assert.equal(same, one);
    assert.equal(valueOf(two), valueOf(one));
    folder.write({ "both.ts": "export const value = { anew: true };" });
    const [newOne, newTwo] = await folder.load("one.ts", "two.ts");
    assert.deepEqual(valueOf(newOne), { anew: true });
    assert.equal(valueOf(newTwo), valueOf(newOne));
  }));

test("a package is kept when a file that imports it changes", () =>
  withModules(
    {
      "app.ts": 'export { value } from "pack"; export const own = 1;',
      "node_modules/pack/index.js": "exports.value = {};",
    },
    async (folder) => {
      const [first] = await folder.load("app.ts");
      folder.write({ "app.ts": 'export { value } from "pack"; export const own = 2;' });
      const [second] = await folder.load("app.ts");
      assert.equal(second!["own"], 2);
      assert.equal(valueOf(second), valueOf(first));
    },
  ));

test("import() at run time stays with the generation of who imports", () =>
  withModules(
    {
      "app.ts":
        'import { mark } from "./m.ts"; export { mark };' +
        'export const late = () => import("./late.ts");',
      "late.ts": 'export { mark } from "./m.ts";',
      "m.ts": "export const mark = {};",
    },
    async (folder) => {
      type App = { mark: object; late(): Promise<{ mark: object }> };
      const [old] = (await folder.load("app.ts")) as unknown as App[];
      folder.write({ "m.ts": "export const mark = { anew: true };" });
      const [fresh] = (await folder.load("app.ts")) as unknown as App[];
      assert.equal((await old!.late()).mark, old!.mark);
      assert.equal((await fresh!.late()).mark, fresh!.mark);
      assert.notEqual(old!.mark, fresh!.mark);
      folder.write({ "late.ts": 'export { mark } from "./m.ts"; export const more = 1;' });
      const [third] = (await folder.load("app.ts")) as unknown as App[];
      assert.notEqual(third, fresh, "what was imported at run time counts");
    },
  ));

test("what is discarded leaves what was there, and the next try loads what there is by then", () =>
  withModules(
    {
      "app.ts": 'import c from "./c.cjs"; export const { value, late } = c;',
      "c.cjs": 'exports.value = 1; exports.late = () => require("./d.cjs");',
      "d.cjs": "module.exports = { d: 1 };",
    },
    async (folder) => {
      type App = { value: number; late(): { d: number } };
      const [first] = (await folder.load("app.ts")) as unknown as App[];
      folder.write({ "c.cjs": 'exports.value = 2; require("./gone.cjs");' });
      await assert.rejects(folder.prepare(["app.ts"]), /c\.cjs:1: it imports "\.\/gone\.cjs"/);
      folder.graphs.discard();
      assert.equal(folder.graphs.exports(folder.at("app.ts")), first);
      const d = first!.late();
      folder.write({ "c.cjs": 'exports.value = 3; exports.late = () => require("./d.cjs");' });
      const [third] = (await folder.load("app.ts")) as unknown as App[];
      assert.equal(third!.value, 3);
      assert.deepEqual(third!.late(), d);
    },
  ));

test("one that left and comes back is loaded as it is then", () =>
  withModules(
    { "app.ts": 'export { value } from "./c.cjs";', "c.cjs": "exports.value = 1;" },
    async (folder) => {
      await folder.load("app.ts");
      await folder.load();
      assert.throws(() => folder.graphs.exports(folder.at("app.ts")), /was not loaded/);
      folder.write({ "c.cjs": "exports.value = 2;" });
      const [back] = await folder.load("app.ts");
      assert.equal(valueOf(back), 2);
    },
  ));

test("another thread loads what was loaded here, whatever lies on disk by then", () =>
  withModules(
    {
      "app.ts":
        'import { b } from "./b.ts"; import c from "./c.cjs";' +
        "export const value: unknown = [b, c.d];",
      "b.ts": "export const b: number = 1;",
      "c.cjs": 'exports.d = require("./d.json").d;',
      "d.json": '{ "d": 1 }',
    },
    async (folder) => {
      await folder.load("app.ts");
      const sources = structuredClone(folder.graphs.sources());
      folder.write({ "app.ts": "for (;;);", "c.cjs": "syntax error", "d.json": "{" });
      rmSync(folder.at("b.ts"));
      const other = new ModuleFolder(folder.path);
      await other.prepare(["app.ts"], sources);
      other.graphs.commit();
      assert.deepEqual(valueOf(other.graphs.exports(folder.at("app.ts"))), [1, 1]);
      other.graphs.close();
    },
  ));

test("modules find files beside them, the program's own doors, and what is built in", () =>
  withModules(
    {
      "app.ts": `import { readFileSync } from "node:fs";
        import { Readable } from "stream";
        import * as protocol from "portico/protocol";
        import { join } from "node:path";
        export const value = [
          readFileSync(new URL("./x.txt", import.meta.url), "utf8"),
          readFileSync(join(import.meta.dirname, "x.txt"), "utf8"),
          import.meta.filename, typeof Readable,
        ];
        export { protocol };`,
      "x.txt": "beside",
    },
    async (folder) => {
      const [app] = await folder.load("app.ts");
      assert.deepEqual(valueOf(app), ["beside", "beside", folder.at("app.ts"), "function"]);
      assert.equal(app!["protocol"], await import("../../protocol/index.ts"));
      assert.ok(existsSync(folder.at("x.txt")));
    },
  ));
