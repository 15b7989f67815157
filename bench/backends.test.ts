import assert from "node:assert/strict";
import { test } from "node:test";
import { withTemporaryFolder } from "../src/testing/temporary-folder.ts";
import { Backend, type BackendName, programOf } from "./backends.ts";
import { processTree } from "./process-tree.ts";

for (const name of ["fcgiwrap", "php-fpm"] satisfies BackendName[]) {
  const program = programOf(name);
  const skip = program === null && `no ${name} here`;
  test(`${name} starts with children, and leaves none`, { skip }, () =>
    withTemporaryFolder(async (folder) => {
      const backend = await Backend.start(folder, name, program!);
      let pids = processTree(backend.pid);
      // It takes connections before it has children to hand them to.
      for (; pids.length < 2; pids = processTree(backend.pid)) await soon();
      await backend.stop();
      while (pids.some(isThere)) await soon();
      await backend.stop(); // again does no harm
    }),
  );
}

test("a program that ends at once is no backend", () =>
  withTemporaryFolder((folder) =>
    assert.rejects(Backend.start(folder, "fcgiwrap", "/bin/false"), /fcgiwrap does not start/u),
  ));

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
