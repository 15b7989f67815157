import assert from "node:assert/strict";
import { test } from "node:test";
import { Loaded, loadConfig, optional, table } from "../../config/index.ts";
import { options } from "./options.ts";

const schema = table({ session: optional(options) });

for (const [toml, value] of [
  ["", undefined],
  ["session = true", true],
  ["session = false", false],
  ['session = { origins = ["https://a.example", "http://b.example:81"] }', 2],
] as const) {
  test(`${JSON.stringify(toml)} is taken`, () => {
    const loaded = loadConfig(toml, "portico.toml", schema);
    assert.ok(loaded instanceof Loaded);
    const { session } = loaded.value;
    assert.equal(typeof session === "object" ? session.origins.length : session, value);
  });
}

const ORIGINS = [
  "a.example",
  "https://a.example/",
  "https://a.example/b",
  "https://A.example",
  "*",
];
for (const origin of [
  ...ORIGINS,
  "",
  "null",
  "https://a.example:443",
  "ftp://a.example",
  "https://",
]) {
  test(`${JSON.stringify(origin)} is no origin`, () => {
    const toml = `session = { origins = [${JSON.stringify(origin)}] }`;
    const problems = loadConfig(toml, "portico.toml", schema);
    assert.ok(Array.isArray(problems));
    assert.match(problems.map(({ message }) => message).join(), /an origin is/);
  });
}

for (const toml of ["session = 1", 'session = "yes"', "session = {}", "session = { idle = 1 }"]) {
  test(`${toml} is refused`, () => {
    assert.ok(Array.isArray(loadConfig(toml, "portico.toml", schema)));
  });
}
