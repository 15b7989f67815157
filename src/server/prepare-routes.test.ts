import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { sharedLocksMemory } from "../runtime/index.ts";
import { LogNotes, withTemporaryFolder } from "../testing/index.ts";
import { loadServerConfig } from "./check.ts";
import { prepareRoutes } from "./prepare-routes.ts";
import { BUILT_IN } from "./registry.ts";

const UPLOAD = '[[site]]\n[[site.route]]\npath = "/up/*"\nupload = { to = "run/up" }\n';
const PROGRAM = '[[site]]\nhosts = ["a.test"]\n[[site.route]]\npath = "*.run"\nrespond = {}\n';

/** Has `respond` routes run what is in `folder` until the test ends. */
function haveRun(context: TestContext, folder: string): void {
  const room = BUILT_IN.handlerNamed("respond");
  Object.assign(room, { reaches: () => [folder] });
  context.after(() => delete room.reaches);
}

const BOTH =
  /what the upload route \/up\/\* stores in "[^"]+" could be run: the respond route \*\.run/;

test("a config by which uploads could be run is refused at their line, sites apart", (context) =>
  withTemporaryFolder(async (folder) => {
    haveRun(context, join(folder, "run"));
    const problems = loadServerConfig(UPLOAD + PROGRAM, join(folder, "portico.toml"));
    assert.ok(Array.isArray(problems));
    assert.equal(problems.length, 1);
    assert.equal(problems[0]!.line, 4);
    assert.match(problems[0]!.message, BOTH);
  }));

test("what else is wrong with the routes is told alone", (context) =>
  withTemporaryFolder(async (folder) => {
    haveRun(context, join(folder, "run"));
    for (const wrong of ["to = 5", 'too = "run/up"', 'to = "run/up", mode = "0755"']) {
      const text = UPLOAD.replace('to = "run/up"', wrong) + PROGRAM;
      const problems = loadServerConfig(text, join(folder, "portico.toml"));
      assert.ok(Array.isArray(problems));
      assert.doesNotMatch(problems.map(({ message }) => message).join("\n"), /could be run/);
    }
  }));

test("uploads beside what is run are a good config", (context) =>
  withTemporaryFolder(async (folder) => {
    haveRun(context, join(folder, "running"));
    const loaded = loadServerConfig(UPLOAD + PROGRAM, join(folder, "portico.toml"));
    assert.ok(!Array.isArray(loaded));
    await prepareRoutes(loaded.value, BUILT_IN, sharedLocksMemory(), new LogNotes());
  }));

test("a server does not start where uploads could be run, whatever check said", (context) =>
  withTemporaryFolder(async (folder) => {
    await mkdir(join(folder, "run"));
    const loaded = loadServerConfig(UPLOAD + PROGRAM, join(folder, "portico.toml"));
    assert.ok(!Array.isArray(loaded));
    haveRun(context, join(folder, "run"));
    const prepared = prepareRoutes(loaded.value, BUILT_IN, sharedLocksMemory(), new LogNotes());
    await assert.rejects(prepared, BOTH);
  }));
