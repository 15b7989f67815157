import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { loadConfig, Loaded } from "./load.ts";
import { printConfig } from "./print.ts";
import * as config from "./schema.ts";

const { flag, integer, list, optional, path, record, size, table, text } = config;
const doc = "";
const schema = table({
  name: text({ doc, fallback: "x" }),
  data: path({ doc, kind: "any", exists: false, fallback: "var" }),
  limits: table({ bytes: size({ doc, fallback: "1 KiB" }), count: integer({ doc, fallback: 5 }) }),
  site: list(
    table({
      hosts: optional(list(text({ doc }), { doc })),
      headers: record(text({ doc }), { doc, fallback: {} }),
      route: list(table({ path: text({ doc }), on: flag({ doc, fallback: true }) }), {
        doc,
        fallback: [],
      }),
    }),
    { doc, fallback: [] },
  ),
});

function loaded(toml: string) {
  const config = loadConfig(toml, "/etc/portico.toml", schema);
  assert.ok(config instanceof Loaded, JSON.stringify(config));
  return config;
}

test("every value is printed with the line it is from, or as a default", () => {
  const toml =
    'data = "d"\nlimits.count = 7\n[[site]]\n' +
    '[[site.route]]\npath = "/a"\n[site.headers]\n"X Y" = "1"\n';
  const lines = printConfig(loaded(toml)).replaceAll(/ +#/g, " #").split("\n");
  assert.deepEqual(lines, [
    'name = "x" # default',
    'data = "d" # line 1: /etc/d',
    "",
    "[limits]",
    'bytes = "1 KiB" # default',
    "count = 7 # line 2",
    "",
    "[[site]]",
    "",
    "[site.headers]",
    '"X Y" = "1" # line 7',
    "",
    "[[site.route]]",
    'path = "/a" # line 5',
    "on = true # default",
    "",
  ]);
});

test("a path with control characters does not end its comment", () => {
  const printed = printConfig(loaded('data = "a\\nname = 1"\n'));
  assert.equal(loaded(printed).value.data, "/etc/a\nname = 1");
});

test("what is printed loads again to the same values", () => {
  const words = fc.string({ unit: "grapheme" });
  const shape = fc.record({
    name: words,
    hosts: fc.option(fc.array(words, { maxLength: 3 }), { nil: undefined }),
    headers: fc.dictionary(words, words, { maxKeys: 4 }),
    bytes: fc.nat(),
  });
  fc.assert(
    fc.property(shape, ({ name, hosts, headers, bytes }) => {
      const escaped = (value: string) => JSON.stringify(value).replaceAll("\x7f", "\\u007F");
      const pairs = Object.entries(headers).map((pair) => pair.map(escaped).join(" = "));
      const toml =
        `name = ${escaped(name)}\nlimits = { bytes = ${bytes} }\n[[site]]\n` +
        (hosts === undefined ? "" : `hosts = [${hosts.map(escaped).join(", ")}]\n`) +
        `[site.headers]\n${pairs.join("\n")}\n`;
      const first = loaded(toml);
      assert.equal(first.value.name, name);
      assert.deepEqual(loaded(printConfig(first)).value, first.value);
    }),
  );
});
