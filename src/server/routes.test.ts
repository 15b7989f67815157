import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";
import type { Config } from "./config.ts";
import { BUILT_IN } from "./registry.ts";
import { documentRoot, placedRoutes } from "./routes.ts";

async function withConfig(
  text: string,
  use: (config: Config, folder: string) => void,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    for (const name of ["www", "other"]) await mkdir(join(folder, name));
    const loaded = loadServerConfig(text, join(folder, "portico.toml"));
    assert.ok(!Array.isArray(loaded), JSON.stringify(loaded));
    use(loaded.value, folder);
  });
}

const STATIC = (path: string, root: string): string =>
  `[[site.route]]\npath = "${path}"\nstatic = { root = "${root}" }\n`;

for (const [what, site, expected] of [
  ["the site's root", '[[site]]\nroot = "www"\n' + STATIC("/a/*", "other"), "www"],
  ["its static route at /*", "[[site]]\n" + STATIC("/a/*", "other") + STATIC("/*", "www"), "www"],
  ["none beside another route", "[[site]]\n" + STATIC("/a/*", "www"), null],
  ["none under a suffix", "[[site]]\n" + STATIC("*.txt", "www"), null],
  ["none of another handler", '[[site]]\n[[site.route]]\npath = "/*"\nrespond = {}\n', null],
  ["none of a site without routes", "[[site]]\n", null],
] as const) {
  test(`a site's document root is ${what}`, () =>
    withConfig(site, (config, folder) => {
      const root = documentRoot(config.site[0]!, BUILT_IN);
      assert.equal(root, expected === null ? null : join(folder, expected));
    }));
}

test("each route has a place of its own, which stays where routes come and go", async () => {
  const first = '[[site]]\nhosts = ["a.test"]\n' + STATIC("/a/*", "www");
  const second = '[[site]]\nroot = "www"\n' + STATIC("*.txt", "other");
  const added = STATIC("/new/*", "www") + STATIC("/a/*", "other");
  let before: string[] = [];
  await withConfig(first + second, (config) => {
    before = placedRoutes(config, BUILT_IN).map(({ place }) => place);
  });
  assert.deepEqual(before, ["0 /a/*", "1 /*.txt", "1 /*"]);
  await withConfig(first + second + added, (config) => {
    const after = placedRoutes(config, BUILT_IN).map(({ place }) => place);
    assert.equal(new Set(after).size, 5);
    for (const place of before) assert.ok(after.includes(place), place);
  });
});

test("a route comes with its room and what the config says to it", () =>
  withConfig('[[site]]\nroot = "www"\n', (config, folder) => {
    const [{ room, options }] = placedRoutes(config, BUILT_IN) as [
      ReturnType<typeof placedRoutes>[number],
    ];
    assert.equal(room.name, "static");
    assert.equal((options as { root: string }).root, join(folder, "www"));
  }));
