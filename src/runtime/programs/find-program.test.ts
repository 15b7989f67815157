import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../testing/index.ts";
import { findProgram, PROGRAM_PATH } from "./find-program.ts";

test("the first executable file of that name is found, and nothing else of it", () =>
  withTemporaryFolder(async (folder) => {
    const [first, second, third] = ["1", "2", "3"].map((name) => join(folder, name));
    for (const one of [first!, second!, third!]) await mkdir(one);
    await writeFile(join(first!, "tool"), "", { mode: 0o644 });
    await mkdir(join(first!, "folder"));
    await writeFile(join(second!, "tool"), "", { mode: 0o755 });
    await writeFile(join(third!, "tool"), "", { mode: 0o755 });
    await symlink(join(folder, "gone"), join(first!, "broken"));
    const path = `${folder}/none:${first}:${second}:${third}`;
    assert.equal(findProgram("tool", path), join(second!, "tool"));
    for (const name of ["folder", "broken", "other", "", ".", "..", "2/tool", "./tool"]) {
      assert.equal(findProgram(name, path), null, name);
    }
  }));

test("an absolute name is itself, where it can be executed", () => {
  assert.equal(findProgram("/bin/sh", ""), "/bin/sh");
  for (const name of ["/bin", "/etc/passwd", "/no/such/file", "/bin/sh/x", "/bin/\0sh"]) {
    assert.equal(findProgram(name), null, name);
  }
});

test("the current folder is never looked in", () => {
  for (const path of ["", ":", ".", "bin:..", "./bin"]) assert.equal(findProgram("sh", path), null);
  assert.equal(findProgram("sh", ":/bin"), "/bin/sh");
});

test("there is a path, whatever the server was started with", () => {
  assert.match(PROGRAM_PATH, /\/bin/u);
});
