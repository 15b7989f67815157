import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../base/clock.ts";
import { Failure } from "../../base/failure.ts";
import { OpenFileCache } from "../../storage/index.ts";
import { withTemporaryFolder } from "../../testing/index.ts";
import { ScriptFinder, type ScriptRules } from "./script-finder.ts";

type Find = (path: string) => Promise<string>;

/** `use` gets what says in words what was found below a root of scripts. */
function withFinder(
  rules: Partial<ScriptRules>,
  use: (find: Find, root: string) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const root = join(folder, "root");
    await mkdir(join(root, "deep/er"), { recursive: true });
    await mkdir(join(root, "folder.php"));
    for (const name of ["a.py", "deep/er/b.py", "deep/index.py", "folder.php/c.php", ".hid.py"]) {
      await writeFile(join(root, name), "#!/bin/sh\n");
    }
    await writeFile(join(folder, "outside.py"), "#!/bin/sh\n");
    await symlink("../outside.py", join(root, "out.py"));
    await symlink("a.py", join(root, "in.py"));
    const files = new OpenFileCache({ clock: systemClock });
    const all = { files, root: files.root(root, false), index: ["index.py"], isScript: () => true };
    const finder = new ScriptFinder({ ...all, ...rules });
    const find: Find = async (path) => {
      const found = await finder.find(path);
      if (found instanceof Failure) return found.code;
      found.file.release();
      return `${found.path} ${found.pathInfo}${found.isIndex ? "(index)" : ""}`;
    };
    try {
      await use(find, root);
    } finally {
      files.close();
    }
  });
}

const CASES: readonly (readonly [path: string, expected: string])[] = [
  ["a.py", "a.py "],
  ["a.py/", "a.py /"],
  ["a.py/x/y.py", "a.py /x/y.py"],
  ["a.py/.git/config", "a.py /.git/config"], // the script's own to judge
  ["deep/er/b.py/p", "deep/er/b.py /p"],
  ["deep/", "deep/index.py (index)"],
  ["deep", "deep/index.py (index)"],
  ["in.py", "in.py "],
  ["", "notFound"],
  ["deep/er", "notFound"],
  ["deep/er/", "notFound"],
  ["nowhere", "notFound"],
  ["nowhere/a.py", "notFound"],
  ["deep/nowhere/b.py", "notFound"],
  ["A.PY", "notFound"],
  ["a.py\0.txt", "notFound"],
  [".hid.py", "notFound"],
  ["out.py", "forbidden"],
  ["out.py/x", "forbidden"],
  ["deep//er/b.py", "notFound"],
  ["deep%2Fer/b.py", "notFound"],
  ["../outside.py", "notFound"],
];
test("the first file on the way is the script", async () => {
  await withFinder({}, async (find) => {
    for (const [path, expected] of CASES) assert.equal(await find(path), expected, path);
  });
});

test("where scripts are told by their suffix, nothing else is one, nor looked at", async () => {
  await withFinder({ isScript: (name) => name.endsWith(".php") }, async (find) => {
    assert.equal(await find("folder.php/c.php/more"), "folder.php/c.php /more");
    assert.equal(await find("a.py"), "notFound");
    assert.equal(await find("a.py/x.php"), "notFound", "no file runs for a path that it is not");
    assert.equal(await find("none.php/more"), "notFound");
  });
});
