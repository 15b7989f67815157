// An app beside what is served: its text is no answer.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { withSite, type Site } from "../../src/testing/index.ts";

const APP = `export default { fetch: () => new Response("from the app") };\n`;

function withApp(keys: string, use: (site: Site) => Promise<void>): Promise<void> {
  const config = `
[[site]]
[[site.route]]
path = "/*"
static = { root = "."${keys} }
[[site.route]]
path = "/api"
app = "app.ts"
`;
  const make = async (folder: string): Promise<void> => {
    writeFileSync(`${folder}/app.ts`, APP);
    writeFileSync(`${folder}/page.txt`, "a page");
  };
  return withSite({ config, make }, use);
}

test("a static route does not send the module that another route runs", () =>
  withApp("", async (site) => {
    for (const path of ["app.ts", "%61pp.ts", "./app.ts", "app"]) {
      const answer = await site.raw("GET", `/${path}`);
      assert.notEqual(answer.status, 200, path);
      assert.doesNotMatch(answer.body, /export default/u);
    }
    assert.equal((await site.fetch("app.ts")).status, 403);
    assert.equal(await (await site.fetch("api")).text(), "from the app");
    assert.equal(await (await site.fetch("page.txt")).text(), "a page");
  }));

test("who says `sources = true` means it", () =>
  withApp(", sources = true", async (site) => {
    assert.equal(await (await site.fetch("app.ts")).text(), APP);
  }));
