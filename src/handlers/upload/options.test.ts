import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../config/index.ts";
import { options } from "./options.ts";

function load(toml: string) {
  return loadConfig(`to = "/nowhere/uploads"\n${toml}\n`, "upload.toml", options);
}

test("a folder alone is a whole config, and the careful one", () => {
  const loaded = load("");
  assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
  const { serve, remove, page, durability, digest, mode, onConflict, accept } = loaded.value;
  assert.deepEqual([serve, remove, page, digest], [false, false, false, true]);
  assert.deepEqual([durability, mode, onConflict, accept], ["fsync", "0640", "rename", []]);
});

for (const toml of ['mode = "0600"', 'mode = "664"', 'accept = ["image/*", "a/b"]']) {
  test(`${toml} is taken`, () => assert.ok(!Array.isArray(load(toml)), toml));
}

for (const toml of [
  'mode = "0755"',
  'mode = "0440"',
  'mode = "0200"',
  'mode = "4640"',
  'mode = "0648"',
  'mode = "rw-r-----"',
  "mode = 640",
  'accept = ["png"]',
  'accept = "image/*"',
  'onConflict = "overwrite"',
  'fileBytes = "0 B"',
  'formBytes = "-1 B"',
  'fieldBytes = "1 GiB"',
  'quota = "0 B"',
  'durability = "maybe"',
  "images = { maxPixels = 0 }",
  "images = { thumbnails = [320, 320] }",
  'images = { strip = "some" }',
  "onStored = {}",
  'onStored = { run = ["{path}"] }',
  'onStored = { run = ["sh", "-c", "cat {path}"] }',
  'onStored = { post = "ftp://example.org" }',
  'to = "other"',
  "root = 1",
]) {
  test(`${toml} is found when the config is read`, () => {
    assert.ok(Array.isArray(load(toml)), toml);
  });
}
