import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../config/index.ts";
import { withTemporaryFolder } from "../../testing/index.ts";
import { options } from "./options.ts";

function load(folder: string, toml: string) {
  return loadConfig(`root = ${JSON.stringify(folder)}\n${toml}\n`, "static.toml", options);
}

test("a root alone is a whole config", async () => {
  await withTemporaryFolder((folder) => {
    const loaded = load(folder, "");
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    const { list, index, precompressed, followLinks, sources, cacheControl } = loaded.value;
    assert.deepEqual(index, ["index.html"]);
    assert.deepEqual([list, precompressed, followLinks, sources], [false, true, false, false]);
    assert.equal(cacheControl, undefined);
  });
});

for (const toml of [
  'index = [""]',
  'index = [".env"]',
  'index = ["a/index.html"]',
  'index = [".."]',
  'try = ["index.html"]',
  'try = ["{path}", "=200"]',
  'try = ["/../{path}"]',
  'cacheControl = "a\\r\\nX-A: b"',
  'mediaTypes = { log = "text/plain" }',
  'mediaTypes = { ".log" = "text" }',
  'mediaTypes = { ".log" = "text/plain\\r\\nX-A: b" }',
  "list = 1",
  "autoindex = true",
]) {
  test(`${toml} is found when the config is read`, async () => {
    await withTemporaryFolder((folder) => {
      const problems = load(folder, toml);
      assert.ok(Array.isArray(problems));
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.line, 2);
    });
  });
}

test("a root that is not there is found when the config is read", async () => {
  await withTemporaryFolder((folder) => {
    assert.ok(Array.isArray(load(`${folder}/none`, "")));
  });
});
