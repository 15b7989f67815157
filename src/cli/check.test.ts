import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { moveToTemporaryFolder, portico } from "../testing/in-process.ts";

moveToTemporaryFolder();
mkdirSync("www");
const GOOD = '[[listen]]\naddress = "127.0.0.1:0"\n[[site]]\nroot = "www"\n';
writeFileSync("good.toml", GOOD);

test("a good config is 0, and one line says so", async () => {
  const { code, out, err } = await portico("check", "-c", "good.toml");
  assert.deepEqual({ code, out, err }, { code: 0, out: "good.toml: good\n", err: "" });
});

test("the JSON Schema needs no config", async () => {
  const { code, out } = await portico("check", "--schema");
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as { title: string }).title, "portico.toml");
});

test("./portico.toml is the config where none is named", async () => {
  const folder = "folder";
  mkdirSync(folder);
  const missing = await portico("check");
  assert.deepEqual([missing.code, missing.out], [78, ""]);
  assert.ok(missing.err.includes("portico.toml") && missing.err.includes("-c FILE"), missing.err);
  writeFileSync("portico.toml", "requestId = true\n");
  const { code, out } = await portico("check");
  assert.deepEqual([code, out], [0, "portico.toml: good\n"]);
});

const BAD = [
  {
    name: "a typo in a key",
    text: '[[listen]]\nadress = "127.0.0.1:0"\n',
    at: "2:1",
    says: "address",
  },
  { name: "an unknown key", text: "worker = 2\n", at: "1:1", says: "workers" },
  { name: "a wrong type", text: 'requestId = "many"\n', at: "1:13", says: "many" },
  { name: "a bad duration", text: '[timeouts]\nheader = "ten"\n', at: "2:10", says: "ten" },
  { name: "a bad size", text: '[limits]\nbodyBytes = "1 GX"\n', at: "2:13", says: "1 GX" },
  { name: "broken TOML", text: "requestId = \n", at: "1:", says: "" },
  { name: "an unknown table", text: "[limit]\nconnections = 5\n", at: "1:2", says: "limits" },
  { name: "a missing folder", text: '[[site]]\nroot = "nowhere"\n', at: "2:8", says: "nowhere" },
  { name: "a bad pattern", text: route("/a*", RESPOND()), at: "3:8", says: 'write "/a/*"' },
  { name: "no handler", text: route("/a", ""), at: "2:", says: "no handler" },
  {
    name: "two handlers",
    text: route("/a", `${RESPOND()}redirect = { to = "/b" }\n`),
    at: "4:",
    says: "one handler",
  },
  {
    name: "a route that never matches",
    text: `${route("/a", RESPOND())}[[site.route]]\npath = "/a"\n${RESPOND()}`,
    at: "6:8",
    says: "never match",
  },
  {
    name: "one host of two sites",
    text: '[[site]]\nhosts = ["a.test"]\n[[site]]\nhosts = ["A.test."]\n',
    at: "4:10",
    says: "already a host of site 1",
  },
  { name: "two sites for any host", text: "[[site]]\n[[site]]\n", at: "2:", says: "any host" },
];

function RESPOND(): string {
  return "respond = { status = 204 }\n";
}

function route(path: string, handler: string): string {
  return `[[site]]\n[[site.route]]\npath = "${path}"\n${handler}`;
}

for (const [index, { name, text, at, says }] of BAD.entries()) {
  test(`${name} is 78, with file, line and column, for check and for serve`, async () => {
    const file = `bad-${index}.toml`;
    writeFileSync(file, text);
    const [checked, served] = await Promise.all([
      portico("check", "-c", file),
      portico("serve", "-c", file, "-l", "0"),
    ]);
    assert.ok(checked.out.startsWith(`${file}:${at}`), checked.out);
    assert.ok(checked.out.includes(says), checked.out);
    assert.deepEqual([checked.code, checked.err], [78, ""]);
    assert.deepEqual(served, { code: 78, out: "", err: checked.out });
  });
}

test("all problems come at once", async () => {
  writeFileSync("two.toml", 'requestId = "many"\n[timeouts]\nheader = "ten"\n');
  const { code, out } = await portico("check", "-c", "two.toml");
  assert.equal(code, 78);
  assert.match(out, /^two\.toml:1:13: [^]*^two\.toml:3:10: /m);
  assert.ok(out.endsWith("2 problems in two.toml\n"), out);
});

test("problems as JSON are one value a line", async () => {
  writeFileSync("json.toml", 'requestId = "many"\n[timeouts]\nheader = "ten"\n');
  const { code, out } = await portico("check", "-c", "json.toml", "--json");
  assert.equal(code, 78);
  const problems = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    problems.map(({ file, line, severity }) => ({ file, line, severity })),
    [
      { file: "json.toml", line: 1, severity: "error" },
      { file: "json.toml", line: 3, severity: "error" },
    ],
  );
});

test("a good config as JSON says so", async () => {
  const { code, out } = await portico("check", "-c", "good.toml", "--json");
  assert.deepEqual([code, JSON.parse(out)], [0, { file: "good.toml", good: true }]);
});

const UNREADABLE = [
  { file: "none.toml", says: "no config file none.toml" },
  { file: "good.toml/x", says: "no config file" },
  { file: "www", says: "`portico serve www`" },
  { file: "latin1.toml", says: "not text in UTF-8" },
  { file: "n".repeat(300), says: "ENAMETOOLONG" },
];
writeFileSync("latin1.toml", Buffer.from("# gr\xfc\xdfe\n", "latin1"));
for (const { file, says } of UNREADABLE) {
  test(`the config ${file.slice(0, 30)} can't be read, in words`, async () => {
    const { code, out, err } = await portico("check", "-c", file);
    assert.deepEqual([code, out], [78, ""]);
    assert.ok(err.includes(says), err);
  });
}

test("--print gives every setting, and where its value comes from", async () => {
  const { code, out } = await portico("check", "-c", "good.toml", "--print");
  assert.equal(code, 0);
  assert.match(out, /^address = "127\.0\.0\.1:0" +# line 2$/m);
  assert.match(out, /^header = "10s" +# default$/m);
});

test("what --print gives is a good config again", async () => {
  const { out } = await portico("check", "-c", "good.toml", "--print");
  writeFileSync("printed.toml", out);
  const { code, out: said } = await portico("check", "-c", "printed.toml");
  assert.deepEqual([code, said], [0, "printed.toml: good\n"]);
});

test("--explain names site, route, handler and file", async () => {
  const request = "GET http://localhost/notes.txt";
  const args = ["check", "-c", "good.toml", "--explain", request];
  const { code, out } = await portico(...args);
  assert.equal(code, 0);
  assert.ok(out.startsWith(`${request}\n`), out);
  assert.match(out, /^ {2}route {2}\/\* \(good\.toml:4\): static$/m);
  assert.ok(out.includes(join("www", "notes.txt")), out);
});

test("--explain as JSON is one value", async () => {
  const args = ["check", "-c", "good.toml", "--json", "--explain", "PUT http://localhost/a"];
  const { code, out } = await portico(...args);
  const { route, answer, guard } = JSON.parse(out);
  assert.deepEqual([code, route.handler, answer.status, guard], [0, "static", 405, "passed"]);
});

const GREET = `
import { table, text } from "${new URL("../config/index.ts", import.meta.url).href}";
import { handlerRoom } from "${new URL("../http/room.ts", import.meta.url).href}";
const options = table({ to: text({ doc: "Whom it greets." }) });
export default handlerRoom({ name: "greet", doc: "Greets.", options, create: () => () => null });
`;
const GREETING = '[[site]]\n[[site.route]]\npath = "/hi"\ngreet = { to = "you" }\n';

test("a handler from outside is checked, printed and explained like any other", async () => {
  writeFileSync("greet.mjs", GREET);
  writeFileSync("greet.toml", `use = ["./greet.mjs"]\n${GREETING}`);
  assert.equal((await portico("check", "-c", "greet.toml")).out, "greet.toml: good\n");
  const { out } = await portico("check", "-c", "greet.toml", "--print");
  assert.match(out, /^\[site\.route\.greet\]\nto = "you" +# line 5$/m);
  const request = "GET http://localhost/hi";
  const explained = await portico("check", "-c", "greet.toml", "--explain", request);
  assert.match(explained.out, /\/hi \(greet\.toml:4\): greet/);
});

test("what keeps a module from being used is told at its line, with 78", async () => {
  writeFileSync("broken.mjs", "\nthrow new Error('no\\x1b luck');\n");
  writeFileSync("broken.toml", GREETING.replace("[[site]]", 'use = ["./broken.mjs"]\n[[site]]'));
  const { code, out } = await portico("check", "-c", "broken.toml");
  assert.equal(code, 78);
  assert.match(out, /^broken\.toml:1:8: error: "\.\/broken\.mjs": it could not be loaded: \//);
  assert.match(out, /broken\.mjs:2: no.* luck\n[^]*\n1 problem in broken\.toml\n$/);
  assert.ok(!out.includes("\x1b"), out);
});

test("the JSON Schema is the program's, and has what a config uses", async () => {
  const own = await portico("check", "--schema", "-c", "good.toml");
  const more = await portico("check", "--schema", "-c", "greet.toml");
  const keysOf = (text: string): string[] => {
    const { properties } = JSON.parse(text) as { properties: Properties };
    return Object.keys(properties["site"]!.items!.properties["route"]!.items!.properties);
  };
  assert.equal(own.code, 0);
  assert.deepEqual(
    keysOf(more.out).filter((key) => !keysOf(own.out).includes(key)),
    ["greet"],
  );
});

interface Properties {
  readonly [key: string]: { readonly items?: { readonly properties: Properties } };
}
