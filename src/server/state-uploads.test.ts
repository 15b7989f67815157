import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { sharedLocksMemory } from "../runtime/index.ts";
import { LogNotes, withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";
import { prepareRoutes } from "./prepare-routes.ts";
import { BUILT_IN } from "./registry.ts";

function configFor(route: string, data: string): string {
  return `data = "${data}"\n[[site]]\n[[site.route]]\npath = "/up/*"\n${route}\n`;
}

const toFolder = (to: string): string => `upload = { to = "${to}" }`;

for (const [what, route, data] of [
  ["the data folder", toFolder("state"), "state"],
  ["a folder in it", toFolder("state/up"), "state"],
  ["a folder around it", toFolder("up"), "up/state"],
  ["it, by an app", 'app = { module = "app.ts", storage = { to = "state" } }', "state"],
] as const) {
  test(`a route that stores in ${what} is refused at its line`, () =>
    withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "app.ts"), "");
      const problems = loadServerConfig(configFor(route, data), join(folder, "portico.toml"));
      assert.ok(Array.isArray(problems));
      const found = problems.find(({ message }) =>
        message.includes("neither may lie in the other"),
      );
      assert.equal(found?.line, 5, problems.map(({ message }) => message).join());
    }));
}

test("folders beside the data folder are a good config", () =>
  withTemporaryFolder(async (folder) => {
    const text = configFor(toFolder("state-up"), "state");
    assert.ok(!Array.isArray(loadServerConfig(text, join(folder, "portico.toml"))));
  }));

test("a server does not start where a link leads uploads into its data folder", () =>
  withTemporaryFolder(async (folder) => {
    const state = join(folder, "state");
    await mkdir(state);
    await symlink("state", join(folder, "up"));
    const text = configFor(toFolder("up"), "elsewhere");
    const loaded = loadServerConfig(text, join(folder, "portico.toml"));
    assert.ok(!Array.isArray(loaded));
    const prepare = (data?: string): Promise<void> =>
      prepareRoutes(loaded.value, BUILT_IN, sharedLocksMemory(), new LogNotes(), data);
    await prepare();
    await assert.rejects(prepare(state), /the upload route \/up\/\* stores in .* data folder/);
  }));
