import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, table } from "../../config/index.ts";
import { hookOf, onStored } from "./options.ts";

const schema = table({ onStored });

function load(toml: string) {
  return loadConfig(`onStored = ${toml}\n`, "a.toml", schema);
}

function complaintOf(toml: string): string {
  const loaded = load(toml);
  return Array.isArray(loaded) ? loaded.map(({ message }) => message).join("\n") : "";
}

test("a hook is what the config says, with what it leaves out", () => {
  const loaded = load('{ run = ["scan", "--", "{path}"] }');
  assert.ok(!Array.isArray(loaded));
  assert.deepEqual(hookOf(loaded.value.onStored!), {
    run: ["scan", "--", "{path}"],
    post: null,
    atOnce: 4,
    timeoutMs: 60_000,
  });
});

for (const toml of [
  '{ post = "https://example.org/x?y=1", atOnce = 1, timeout = "5s" }',
  '{ run = ["/usr/bin/scan", "--in={path}"], post = "http://127.0.0.1:9" }',
  `{ run = ["sh", "-c", 'x "$1"', "sh", "{path}"] }`,
]) {
  test(`${toml} is fine`, () => assert.equal(complaintOf(toml), ""));
}

for (const [toml, words] of [
  ["{}", /tells nobody/],
  ["{ run = [] }", /begins with a program/],
  ['{ run = ["{path}"] }', /would choose what is run/],
  ['{ run = ["./scan"] }', /absolute path/],
  ['{ run = ["sh", "-c", "scan {path}"] }', /may hold commands/],
  ['{ run = ["bash", "-ec", "scan {path}"] }', /may hold commands/],
  ['{ run = ["scan", "a\\u0000b"] }', /NUL/],
  ['{ post = "ftp://example.org" }', /https/],
  ['{ post = "example.org/x" }', /https/],
  ['{ post = "https://me:pw@example.org" }', /no user/],
  ['{ post = "https://example.org", atOnce = 0 }', /1/],
  ['{ post = "https://example.org", atOnce = 1000 }', /64/],
] as const) {
  test(`${toml} is complained about`, () => assert.match(complaintOf(toml), words));
}
