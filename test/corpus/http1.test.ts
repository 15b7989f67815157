// Every case of the corpus against the real program, which then is sound: nothing on its log, no
// connection kept, and it stops when asked.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startPortico } from "../../src/testing/program.ts";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { makeRoot } from "./root.ts";
import { CorpusRunner, readCases } from "./run.ts";

const PARALLEL = 6;

test("the HTTP/1.1 corpus passes", { concurrency: PARALLEL }, (suite) =>
  withTemporaryFolder(async (folder) => {
    const root = join(folder, "root");
    await makeRoot(root);
    const program = await startPortico({ args: ["serve", root, "-l", "0", "--access-log", "off"] });
    const runner = new CorpusRunner(program.port);
    const cases = readCases(new URL("./http1.jsonl", import.meta.url));
    await Promise.all(
      cases.map((one) =>
        suite.test(`${one.area}: ${one.name} (RFC ${one.rfc})`, async () => {
          assert.equal(await runner.run(one), null, one.why);
        }),
      ),
    );
    assert.equal(await program.stop(), 0);
    assert.deepEqual(program.complaints(), []);
  }),
);
