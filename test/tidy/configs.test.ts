// The configs that pages show are read by the real schema: a key that was renamed is found here.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { renderProblems } from "../../src/config/index.ts";
import { loadServerConfig } from "../../src/server/index.ts";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { filesIn, textOf } from "../checkout.ts";
import { blocksIn } from "../docs/blocks.ts";

const pages = filesIn("*.md", "docs/**/*.md", "{src,examples}/**/*.md");

for (const page of pages) {
  for (const { line, lines } of blocksIn(textOf(page)).filter(({ kind }) => kind === "toml")) {
    test(`${page}:${line}: the config is one`, async () => {
      assert.equal(await complaintsAbout(lines.join("\n")), "");
    });
  }
}

for (const text of ["limit = 1", 'root = "a"', "[[site.route]]\nstatic = {}", "[[site]", "a ="]) {
  test(`${JSON.stringify(text)} on a page would be found`, async () => {
    assert.notEqual(await complaintsAbout(text), "");
  });
}

/** What is wrong with a config, or with the part of one that a page shows; "" when nothing is. */
function complaintsAbout(text: string): Promise<string> {
  return withTemporaryFolder((folder) => {
    // The folders and apps that it names are there for the reader, too.
    for (const [, root] of text.matchAll(/\broot\s*=\s*"([^"]+)"/gu)) {
      mkdirSync(path.join(folder, root!), { recursive: true });
    }
    for (const [, file] of text.matchAll(/\b(?:app|module)\s*=\s*"([^"]+)"/gu)) {
      writeFileSync(path.join(folder, file!), "");
    }
    const whole = /^\s*\[\[site\.route/u.test(text) ? `[[site]]\n${text}` : text;
    const loaded = loadServerConfig(whole, path.join(folder, "portico.toml"));
    return Array.isArray(loaded) ? renderProblems(loaded, { color: false }) : "";
  });
}
