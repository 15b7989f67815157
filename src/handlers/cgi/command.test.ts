import assert from "node:assert/strict";
import { chmod, copyFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../base/clock.ts";
import { Failure } from "../../base/failure.ts";
import { OpenFile, OpenFileCache } from "../../storage/index.ts";
import { withTemporaryFolder } from "../../testing/index.ts";
import { commandFor, Interpreters } from "./command.ts";

const NAMES = { ".py": "sh", ".tar.py": "cat", ".none": "no-such-program", ".abs": "/bin/sh" };

/** What is executed for a file of that name, content and mode; or the failure's code. */
async function told(name: string, content: string | Buffer, mode = 0o755): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, content);
    await chmod(path, mode);
    return toldOf(folder, name);
  });
}

async function toldOf(folder: string, name: string): Promise<string> {
  const files = new OpenFileCache({ clock: systemClock });
  try {
    const file = await files.lookup(files.root(folder, true), name);
    assert.ok(file instanceof OpenFile);
    const command = await commandFor(file, new Interpreters(NAMES));
    file.release();
    if (command instanceof Failure) return command.code;
    return [command.file, ...command.args].join(" ").replaceAll(`${folder}/`, "");
  } finally {
    files.close();
  }
}

const SCRIPT = "#!/bin/sh\n";
const CASES: readonly (readonly [name: string, content: string, mode: number, told: RegExp])[] = [
  ["a.sh", SCRIPT, 0o755, /^a\.sh$/],
  ["a.sh", SCRIPT, 0o700, /^a\.sh$/],
  ["a.sh", SCRIPT, 0o644, /^notRunnable$/],
  ["a.sh", "echo hello\n", 0o755, /^notRunnable$/],
  ["a.sh", "", 0o755, /^notRunnable$/],
  ["a.sh", "#", 0o755, /^notRunnable$/],
  ["a.sh", "\n#!/bin/sh\n", 0o755, /^notRunnable$/],
  ["a.bin", "\x7fEL", 0o755, /^notRunnable$/],
  ["a.py", "print()", 0o644, /^\/.*\/sh a\.py$/],
  ["a.py.txt", "print()", 0o644, /^notRunnable$/],
  ["a.PY", "print()", 0o644, /^notRunnable$/],
  ["a.tar.py", "print()", 0o644, /^\/.*\/cat a\.tar\.py$/],
  ["a.abs", "print()", 0o644, /^\/bin\/sh a\.abs$/],
  ["a.none", SCRIPT, 0o755, /^interpreterMissing$/],
];
for (const [name, content, mode, expected] of CASES) {
  test(`${name} of mode ${mode.toString(8)} that begins ${JSON.stringify(content)}`, async () => {
    assert.match(await told(name, content, mode), expected);
  });
}

test("a program is run as it is, however large", async () => {
  await withTemporaryFolder(async (folder) => {
    await copyFile("/bin/sh", join(folder, "program"));
    await chmod(join(folder, "program"), 0o755);
    assert.equal(await toldOf(folder, "program"), "program");
    assert.equal(await told("large.sh", SCRIPT + "#".repeat(100_000)), "large.sh");
  });
});

test("an interpreter that comes to be installed is found then", async () => {
  await withTemporaryFolder(async (folder) => {
    const late = join(folder, "late");
    const interpreters = new Interpreters({ ".x": late });
    assert.equal(interpreters.of("a.x")!.file(), null);
    await symlink("/bin/sh", late);
    assert.equal(interpreters.of("a.x")!.file(), late);
    assert.equal(interpreters.of("a.y"), null);
  });
});
