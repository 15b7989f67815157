import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { FLOORS, floorOf, TESTING } from "./house.ts";
import { cycleIn, hiddenImport, IMPORT_RULES, protocolUse } from "./rules.ts";
import { type Import, readSources } from "./sources.ts";
import { filesIn } from "../checkout.ts";

const sources = readSources();

for (const [name, rule] of Object.entries(IMPORT_RULES)) {
  test(name, () => {
    const complaints = sources.imports.flatMap((edge) => {
      const advice = rule(edge);
      return advice === null ? [] : [`${edge.file}:${edge.line}: ${edge.target}: ${advice}`];
    });
    assert.ok(complaints.length === 0, complaints.join("\n"));
  });
}

for (const [name, rule] of [
  ["protocol has no promise, timer or clock", protocolUse],
  ["no import is hidden", hiddenImport],
] as const) {
  test(name, () => {
    const complaints = sources.uses.flatMap((use) => {
      const advice = rule(use);
      return advice === null ? [] : [`${use.file}:${use.line}: ${advice}`];
    });
    assert.ok(complaints.length === 0, complaints.join("\n"));
  });
}

test("folders do not import each other in a circle", () => {
  assert.equal(cycleIn(sources.imports), null);
});

test("every source file has a place in the house", () => {
  const files = filesIn("src/**/*.ts").filter((file) => !file.startsWith(`${TESTING}/`));
  const lost = files.filter((file) => floorOf(file) === null);
  assert.deepEqual(lost, [], `the parts are ${FLOORS.flat().join(", ")}`);
});

const REFUSED = [
  ["imports point down, type imports too", "src/base/log.ts", "src/runtime/index.ts"],
  ["imports point down, type imports too", "src/protocol/target.ts", "src/transport/index.ts"],
  ["imports point down, type imports too", "src/config/load.ts", "src/storage/index.ts"],
  ["imports point down, type imports too", "src/storage/root.ts", "src/http/room.ts"],
  ["imports point down, type imports too", "src/http/room.ts", "src/client/index.ts"],
  ["imports point down, type imports too", "src/http/room.ts", "src/handlers/static/index.ts"],
  ["imports point down, type imports too", "src/handlers/static/file.ts", "src/server/index.ts"],
  ["imports point down, type imports too", "src/server/registry.ts", "src/cli/main.ts"],
  ["imports point down, type imports too", "src/storage/root.test.ts", "src/http/room.ts"],
  ["a room knows no other room", "src/handlers/static/a.ts", "src/handlers/respond/index.ts"],
  ["a room knows no other room", "src/filters/headers/a.ts", "src/handlers/static/index.ts"],
  ["only the registry names rooms", "src/server/start.ts", "src/handlers/static/index.ts"],
  ["only the registry names rooms", "src/cli/main.ts", "src/filters/headers/index.ts"],
  ["a room sees exchanges, not sockets", "src/handlers/static/a.ts", "src/http/engine/index.ts"],
  ["a room sees exchanges, not sockets", "src/filters/headers/a.ts", "src/transport/index.ts"],
  ["a room sees exchanges, not sockets", "src/handlers/static/a.ts", "node:net"],
  ["a folder is entered by its index.ts", "src/http/room.ts", "src/storage/open-file.ts"],
  ["a folder is entered by its index.ts", "src/server/a.ts", "src/http/exchange/reply.ts"],
  ["a folder is entered by its index.ts", "src/protocol/index.ts", "src/protocol/http1/a.ts"],
  ["src/testing is for tests", "src/server/start.ts", "src/testing/index.ts"],
  ["base and protocol need no package", "src/base/clock.ts", "commander"],
  ["base and protocol need no package", "src/protocol/http1/a.ts", "mime-db"],
  ["HTTP is our own", "src/cli/main.ts", "node:http"],
  ["HTTP is our own", "src/transport/listener.ts", "http2"],
  ["HTTP is our own", "src/http/engine/engine.ts", "node:_http_server"],
  ["HTTP is our own", "src/server/a.test.ts", "node:https"],
  ["HTTP is our own", "src/handlers/static/a.ts", "undici"],
  ["protocol touches nothing outside", "src/protocol/http1/a.ts", "node:net"],
  ["protocol touches nothing outside", "src/protocol/target.ts", "node:timers"],
] as const;

for (const [name, file, target] of REFUSED) {
  test(`"${name}" refuses ${target} in ${file}`, () => {
    assert.notEqual(IMPORT_RULES[name]!({ file, line: 1, target }), null);
  });
}

const ALLOWED = [
  ["src/http/engine/engine.ts", "src/protocol/http1/index.ts"],
  ["src/storage/root.ts", "src/base/failure.ts"],
  ["src/http/exchange/reply.ts", "src/protocol/fields.ts"],
  ["src/handlers/static/handler.ts", "src/http/room.ts"],
  ["src/handlers/static/list/page.ts", "src/handlers/static/options.ts"],
  ["src/protocol/http1/parser.test.ts", "src/testing/index.ts"],
  ["src/server/registry.ts", "src/handlers/static/index.ts"],
  ["src/testing/program.ts", "src/server/index.ts"],
] as const;

for (const [file, target] of ALLOWED) {
  test(`${file} may import ${target}`, () => {
    for (const rule of Object.values(IMPORT_RULES))
      assert.equal(rule({ file, line: 1, target }), null);
  });
}

for (const name of [
  ..."Promise async await setTimeout Date Math.random globalThis global".split(" "),
]) {
  test(`a parser may not use ${name}, another part may`, () => {
    assert.notEqual(protocolUse({ file: "src/protocol/http1/a.ts", line: 1, name }), null);
    assert.equal(protocolUse({ file: "src/storage/a.ts", line: 1, name }), null);
  });
}

for (const name of [
  "process.getBuiltinModule",
  "globalThis.process.getBuiltinModule",
  "getBuiltinModule",
]) {
  test(`${name} hides an import`, () => {
    assert.notEqual(hiddenImport({ file: "src/cli/a.ts", line: 1, name }), null);
  });
}

test("a circle of folders is named with its way", () => {
  const edge = (file: string, target: string): Import => ({ file, line: 1, target });
  const imports = [
    edge("src/http/a/x.ts", "src/http/b/index.ts"),
    edge("src/http/b/y.ts", "src/http/c/index.ts"),
    edge("src/http/c/z.ts", "src/http/a/index.ts"),
  ];
  assert.equal(cycleIn(imports), "src/http/a → src/http/b → src/http/c → src/http/a");
  assert.equal(cycleIn(imports.slice(0, 2)), null);
});

const SOURCE = `// import "./comment.ts"; Promise
import type { A } from "../base/a.ts";
export { b } from "./b.ts";
const text = "import './text.ts'; setTimeout";
export type C = import("./c.ts").C;
export async function d(): Promise<A> {
  const e = await import("./e.ts");
  return e.at(Date.now(), text.process);
}
const require = createRequire(import.meta.url);
require("node:f");
globalThis.process["getBuiltinModule"]("node:g");
const { getBuiltinModule: h } = process;
`;

test("every form of import is seen, and no comment or string", (t) => {
  const root = mkdtempSync(path.join(tmpdir(), "portico-architecture-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(path.join(root, "src/part"), { recursive: true });
  writeFileSync(path.join(root, "src/part/a.ts"), SOURCE);
  writeFileSync(path.join(root, "tsconfig.json"), '{ "include": ["src"] }');
  const { imports, uses } = readSources(root);
  const seen = imports.map(({ line, target }) => `${line} ${target}`);
  const expected = ["2 src/base/a.ts", "3 src/part/b.ts", "5 src/part/c.ts", "7 src/part/e.ts"];
  assert.deepEqual(seen.sort(), ["11 node:f", ...expected]);
  const names = new Set(uses.map(({ name }) => name));
  for (const name of ["async", "Promise", "await", "Date.now", "Date"]) assert.ok(names.has(name));
  for (const name of ["globalThis", "globalThis.process.getBuiltinModule", "getBuiltinModule"])
    assert.ok(names.has(name), name);
  for (const name of ["setTimeout", "text.setTimeout"]) assert.ok(!names.has(name));
});
