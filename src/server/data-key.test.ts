import assert from "node:assert/strict";
import { test } from "node:test";
import { dataKeyOf } from "./data-key.ts";

const FILE = "/srv/shop/portico.toml";

const READ = [
  { name: "nothing at all", text: "", data: undefined },
  { name: "a good config without it", text: "requestId = true\n", data: undefined },
  { name: "a relative path", text: 'data = "var"\n', data: "/srv/shop/var" },
  { name: "an absolute path", text: 'data = "/srv/d"\n', data: "/srv/d" },
  { name: "an unknown key beside it", text: 'data = "var"\ncolour = 1\n', data: "/srv/shop/var" },
  {
    name: "a wrong value beside it",
    text: 'requestId = 5\ndata = "var"\n',
    data: "/srv/shop/var",
  },
  { name: "a half line below it", text: 'data = "var"\nrequestId = \n', data: "/srv/shop/var" },
  { name: "a half line above it", text: 'requestId = \ndata = "var"\n', data: "/srv/shop/var" },
  {
    name: "a table that is never closed",
    text: 'data = "var"\n[[site]\nroot = 1\n',
    data: "/srv/shop/var",
  },
  {
    name: "a site of a folder that is gone",
    text: 'data = "var"\n[[site]]\nroot = "/gone"\n',
    data: "/srv/shop/var",
  },
];
for (const { name, text, data } of READ) {
  test(`${name}: data is ${data ?? "left out"}`, () => {
    const read = dataKeyOf(text, FILE);
    assert.ok(!Array.isArray(read), JSON.stringify(read));
    assert.deepEqual(read, { data, isSure: true });
  });
}

const UNREAD = [
  { name: "a number", text: "data = 5\n", at: 1 },
  { name: "an empty path", text: 'data = ""\n', at: 1 },
  { name: "a file's path", text: 'data = "/dev/null"\n', at: 1 },
  { name: "no value", text: "requestId = true\ndata =\n", at: 2 },
  { name: "more than a config may hold", text: `# ${"a".repeat(2 ** 20)}\n`, at: 1 },
];
for (const { name, text, at } of UNREAD) {
  test(`${name} is no data folder, and that is told with its line`, () => {
    const read = dataKeyOf(text, FILE);
    assert.ok(Array.isArray(read), JSON.stringify(read));
    assert.equal(read[0]!.line, at);
  });
}

test("lines that can't be read may have held the key", () => {
  const read = dataKeyOf('"da ta" "var"\n', FILE);
  assert.ok(!Array.isArray(read));
  assert.deepEqual(read, { data: undefined, isSure: false });
});
