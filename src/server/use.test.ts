import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { printConfig, type Problem } from "../config/index.ts";
import { withTemporaryFolder } from "../testing/index.ts";
import { readServerConfig } from "./check.ts";
import { readConfigValue } from "./config-value.ts";
import { explainRequest, parseExplainTarget, type ExplainTarget } from "./explain.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { importModule } from "./module-place.ts";
import { BUILT_IN } from "./registry.ts";
import { registryOf } from "./use.ts";

const SRC = new URL("..", import.meta.url);

/** A module with a room of that kind, whose one option is a text, `to` whom it speaks. */
function roomText(kind: "handler" | "filter", name: string, exported = "export default"): string {
  const create = kind === "handler" ? "({ to }) => () => new Reply(200, [], to)" : "() => (n) => n";
  return `
import { table, text } from "${new URL("config/index.ts", SRC).href}";
import { Reply } from "${new URL("http/exchange/index.ts", SRC).href}";
import { ${kind}Room } from "${new URL("http/room.ts", SRC).href}";
const options = table({ to: text({ doc: "Whom." }) });
const failures = { ${name}Less: { status: 418, message: "No ${name}." } };
const create = ${create};
${exported} ${kind}Room({ name: "${name}", doc: "A ${name}.", options, failures, create });
`;
}

const MODULES = {
  "greet.ts": roomText("handler", "greet"),
  "gate.js": roomText("filter", "gate", "export const gate ="),
  "again.ts": roomText("handler", "greet"),
  "static.ts": roomText("handler", "static"),
  "empty.ts": "export const greet = 'greet';\n",
  "broken.ts": "\nthrow new Error('no luck');\n",
  "package.json": '{ "type": "module" }',
  "node_modules/pack/package.json": '{ "type": "module", "exports": { "import": "./pack.js" } }',
  "node_modules/pack/pack.js": roomText("handler", "packed"),
};

async function withModules(use: (folder: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "node_modules/pack"), { recursive: true });
    for (const [name, text] of Object.entries(MODULES)) await writeFile(join(folder, name), text);
    await use(folder);
  });
}

function read(text: string, folder: string): Promise<LoadedConfig | Problem[]> {
  return readServerConfig(text, join(folder, "portico.toml"), importModule);
}

const GOOD = `use = ["./greet.ts", "./gate.js", "pack"]
[[site]]
[[site.route]]
path = "/a"
greet = { to = "you" }
gate = { to = "all" }
[[site.route]]
path = "/b"
packed = { to = "me" }
`;

test("rooms from outside are a config's like any other", () =>
  withModules(async (folder) => {
    const loaded = await read(GOOD, folder);
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    const route: Record<string, unknown> = loaded.value.site[0]!.route[0]!;
    assert.deepEqual(route["greet"], { to: "you" });
    assert.equal(loaded.registry.failures["gateLess"]!.status, 418);
    assert.match(printConfig(loaded), /to = "me" +# line 9/);
    const target = parseExplainTarget("GET http://localhost/a") as ExplainTarget;
    assert.equal(explainRequest(loaded, target).route!.handler, "greet");
    assert.deepEqual(loaded.modules, [
      join(folder, "greet.ts"),
      join(folder, "gate.js"),
      join(folder, "node_modules/pack/pack.js"),
    ]);
  }));

test("a config from a program has them, too, beside handlers as they are", () =>
  withModules(async (folder) => {
    const routes = [{ path: "/a", greet: { to: "you" }, filters: [] }];
    const value = { use: ["./greet.ts"], routes };
    const loaded = await readConfigValue(value, { base: folder, loadModule: importModule });
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    assert.equal(loaded.registry.handlerNamed("greet").doc, "A greet.");
    assert.equal(loaded.registry.handlerNamed("handle").methods, "any");
  }));

/** A text, and line, column and words of each problem. */
const WRONG: readonly (readonly [text: string, ...wrong: (readonly [string, RegExp])[]])[] = [
  ['use = "./greet.ts"\n[[site.route]]\ngreet = {}', ["1:7", /in a list|this is a list/]],
  ["use = [1, './greet.ts']\n[[site]]\n[[site.route]]\ngreet = {}", ["1:8", /1 is a number/]],
  ['use = ["./gone.ts"]', ["1:8", /there is no file "\.\/gone\.ts": looked for \//]],
  ['use = [".."]', ["1:8", /"\.\." is a folder/]],
  ['use = ["./node_modules"]', ["1:8", /"\.\/node_modules" is a folder/]],
  ['use = ["unpacked"]', ["1:8", /there is no package "unpacked"/]],
  ['use = ["greet.ts"]', ["1:8", /there is no package "greet\.ts"/]],
  ['use = ["./broken.ts"]', ["1:8", /"\.\/broken\.ts": it could not be loaded: \/.*:2: no luck/]],
  ['use = ["./empty.ts"]', ["1:8", /"\.\/empty\.ts": it exports no room/]],
  ['use = ["./static.ts"]', ["1:8", /there is a handler called "static" already/]],
  [
    'use = ["./greet.ts",\n  "./again.ts"]',
    ["2:3", /"\.\/again\.ts": there is a handler called "greet" already/],
  ],
  [
    'use = ["./gone.ts",\n"./empty.ts"]\n[[site]]\n[[site.route]]\npath = "/"\ngone = {}',
    ["1:8", /no file/],
    ["2:1", /no room/],
  ],
  [GOOD.replace('to = "you"', "to = 5"), ["5:16", /5 is a number; this is text/]],
  [GOOD.replace('to = "you"', ""), ["5:9", /`to` is missing in \[site\.route\.greet\]/]],
  [GOOD.replace('to = "you"', 'too = "you"'), ["5:11", /unknown key `too`/]],
  [GOOD.replace("greet = {", "great = {"), ["5:1", /unknown key `great`/]],
  [GOOD.replace('path = "/a"', 'path = "/a"\nrespond = {}'), ["6:1", /a route has one handler/]],
  ['[[site]]\n[[site.route]]\npath = "/"\ngreet = {}', ["4:1", /unknown key `greet`/]],
];

for (const [text, ...wrong] of WRONG) {
  test(`told at its place: ${wrong.map(([, words]) => words).join(", ")}`, () =>
    withModules(async (folder) => {
      const found = await read(text, folder);
      assert.ok(Array.isArray(found), "it is good");
      const shown = found.map(({ line, column, message }) => `${line}:${column} ${message}`);
      assert.equal(found.length, wrong.length, shown.join("\n"));
      for (const [index, [place, words]] of wrong.entries()) {
        assert.ok(shown[index]!.startsWith(`${place} `), shown[index]!);
        assert.match(shown[index]!, words);
      }
    }));
}

test("what a program's config uses in vain is told by its key", () =>
  withModules(async (folder) => {
    const source = { base: folder, loadModule: importModule };
    const found = await readConfigValue({ use: ["./greet.ts", "./empty.ts"] }, source);
    assert.ok(Array.isArray(found));
    assert.equal(found[0]!.sourceLine, "use[1]");
  }));

const THROWS = "() => { throw new Error('no luck'); }";
for (const [what, from, to] of [
  ["of a key", '{ doc: "Whom." }', `{ doc: "Whom.", check: ${THROWS} }`],
  ["of the whole", '"Whom." }) })', `"Whom." }) }, { whole: ${THROWS} })`],
] as const) {
  test(`a check ${what} that throws is told, with its place`, () =>
    withModules(async (folder) => {
      await writeFile(join(folder, "greet.ts"), MODULES["greet.ts"].replace(from, to));
      const found = await read(GOOD, folder);
      assert.ok(Array.isArray(found));
      assert.match(found[0]!.message, /check of these modules failed: no luck \(\/.*greet\.ts:5\)/);
      assert.deepEqual([found.length, found[0]!.line], [1, 1]);
    }));
}

test("a worker is told which module it could not use", () =>
  withModules(async (folder) => {
    const empty = registryOf([join(folder, "empty.ts")], importModule);
    await assert.rejects(empty, /empty\.ts: it exports no room/);
  }));

test("a room that is exported by two names is one", async () => {
  const room = { ...BUILT_IN.handlers[0]!, name: "twice" };
  const exports = { default: room, again: room, other: 5, none: null };
  const registry = await registryOf(["/twice.ts"], async () => exports);
  assert.equal(registry.handlers.length, BUILT_IN.handlers.length + 1);
  assert.equal(registry.handlerNamed("twice"), room);
});
