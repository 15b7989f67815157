import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfig } from "../../config/index.ts";
import type { FileReplies } from "../../http/representation/index.ts";
import { servedFolder } from "../../testing/index.ts";
import { staticHandler } from "./handler.ts";
import { KeptReplies } from "./kept-replies.ts";
import { options } from "./options.ts";

const FILES = { "app.js": "let plain;", "app.js.br": "brotli bytes" };

test("who asks by turns with and without a coding gets each time what was asked for", async () => {
  await using site = await servedFolder(FILES, (root, context) => {
    const loaded = loadConfig(`root = ${JSON.stringify(root)}\n`, "static.toml", options);
    assert.ok(!Array.isArray(loaded));
    return staticHandler(loaded.value, context);
  });
  for (let round = 0; round < 3; round += 1) {
    assert.equal((await site.get("/app.js", { "accept-encoding": "br" })).text, "brotli bytes");
    const plain = await site.get("/app.js");
    assert.equal(plain.text, "let plain;");
    assert.equal(plain.field("content-encoding"), undefined);
    assert.equal(plain.field("vary"), "Accept-Encoding");
    const coded = await site.get("/app.js.br");
    assert.equal(coded.text, "brotli bytes");
    assert.equal(coded.field("content-encoding"), undefined);
  }
});

const [folder, other] = [{}, {}];
const kept = new KeptReplies(folder, "a", "br", true, {} as FileReplies);

test("replies are for what they were made for", () => {
  assert.equal(kept.isFor(folder, "a", "br", true), true);
});

for (const [what, isFor] of [
  ["another folder", kept.isFor(other, "a", "br", true)],
  ["another path", kept.isFor(folder, "b", "br", true)],
  ["another coding", kept.isFor(folder, "a", null, true)],
  ["an answer that varies otherwise", kept.isFor(folder, "a", "br", false)],
] as const) {
  test(`replies are not for ${what}`, () => assert.equal(isFor, false));
}
