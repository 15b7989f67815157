import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../src/testing/temporary-folder.ts";
import { requirePrograms } from "./programs.ts";
import { nginx, nginxWithoutSendfile } from "./servers/nginx.ts";
import { nodeHttp } from "./servers/node-programs.ts";

/** Calls `use` with a search path on which these programs are, and no others. */
function withPrograms(names: string[], use: (searchPath: string) => void): Promise<void> {
  return withTemporaryFolder((folder) => {
    for (const name of names) {
      writeFileSync(path.join(folder, name), "");
      chmodSync(path.join(folder, name), 0o755);
    }
    use(`${folder}/none:${folder}`);
  });
}

test("a missing program is named once, with its package", () =>
  withPrograms(["taskset", "curl", "dd"], (searchPath) => {
    assert.throws(
      () => requirePrograms([nginx, nginxWithoutSendfile, nodeHttp], searchPath),
      /^Error: Missing: wrk, nginx\. On Debian: apt-get install wrk nginx-light\n.*--servers/u,
    );
  }));

test("a server that is left out needs no program", () =>
  withPrograms(["wrk", "taskset", "curl", "dd"], (searchPath) => {
    requirePrograms([nodeHttp], searchPath);
    assert.throws(() => requirePrograms([nginx], searchPath), /nginx/u);
  }));

test("on an empty search path everything is missing", () => {
  assert.throws(() => requirePrograms([], ""), /wrk, taskset, curl, dd/u);
});
