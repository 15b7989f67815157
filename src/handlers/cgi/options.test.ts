import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig, table } from "../../config/index.ts";
import { options } from "./options.ts";

/** What is wrong with a route's `cgi`, in words; null: nothing. */
function complaint(cgi: string): string | null {
  const loaded = loadConfig(`cgi = ${cgi}`, "/portico.toml", table({ cgi: options }));
  return Array.isArray(loaded) ? loaded.map(({ message }) => message).join("; ") : null;
}

for (const cgi of [
  '{ root = "/" }',
  '{ script = "/bin/sh" }',
  '{ root = "/", interpreters = { ".py" = "python3", ".cgi" = "/usr/bin/perl" } }',
  '{ root = "/", env = { GIT_PROJECT_ROOT = "/srv/git", _x1 = "" } }',
]) {
  test(`takes ${cgi}`, () => assert.equal(complaint(cgi), null));
}

for (const [cgi, words] of [
  ["{ }", /`root` .* or a `script`/],
  ['{ root = "/", script = "/bin/sh" }', /either `root` or `script`/],
  ['{ root = "/nowhere/at/all" }', /there is no folder/],
  ['{ script = "/nowhere/at/all" }', /there is no file/],
  ['{ root = "/", interpreters = { "py" = "python3" } }', /begins with a dot/],
  ['{ root = "/", interpreters = { ".py" = "" } }', /a program is a name/],
  ['{ root = "/", interpreters = { ".py" = "python3 -u" } }', /arguments have no place/],
  ['{ root = "/", interpreters = { ".py" = "./python3" } }', /a program is a name/],
  ['{ root = "/", env = { "A-B" = "x" } }', /letters, digits/],
  ['{ root = "/", env = { "1A" = "x" } }', /letters, digits/],
  ['{ root = "/", env = { A = "x\\u0000y" } }', /NUL/],
  ['{ root = "/", index = [".hidden.py"] }', /begins with no dot/],
  ['{ root = "/", index = ["a/b.py"] }', /without folders/],
  ['{ root = "/", concurrency = 0 }', /1/],
  ['{ root = "/", concurrency = 1025 }', /1024/],
  ['{ root = "/", queue = -1 }', /0/],
  ['{ root = "/", queueWait = "0s" }', /1ms/],
  ['{ root = "/", sendFiles = ["/nowhere/at/all"] }', /there is no folder/],
] as const) {
  test(`refuses ${cgi}`, () => assert.match(complaint(cgi) ?? "", words));
}
