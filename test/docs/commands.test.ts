import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { withTemporaryFolder } from "../../src/testing/temporary-folder.ts";
import { copyCheckout, filesIn, textOf } from "../checkout.ts";
import { blocksIn, isAsShown, shComplaints, stepsIn } from "./blocks.ts";
import { Reader } from "./reader.ts";

const pages = filesIn("*.md", "docs/**/*.md", "{src,examples}/**/*.md");
const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };

for (const page of pages) {
  const steps = blocksIn(textOf(page))
    .filter(({ kind }) => kind === "console")
    .flatMap(stepsIn);
  if (steps.length === 0) continue;
  test(`${page}: its commands print what it shows`, () =>
    withTemporaryFolder(async (folder) => {
      const copy = path.join(folder, "portico");
      copyCheckout(copy);
      const reader = new Reader(copy);
      try {
        for (const step of steps) assert.equal(await reader.do(step), null);
      } finally {
        await reader.leave();
      }
    }));
}

test("commands that are shown and not run are known ones", () => {
  const complaints = pages.flatMap((page) =>
    blocksIn(textOf(page))
      .filter(({ kind }) => kind === "sh" || kind === "bash" || kind === "shell")
      .flatMap((block) => shComplaints(block, Object.keys(scripts)))
      .map((complaint) => `${page}: ${complaint}`),
  );
  assert.ok(complaints.length === 0, complaints.join("\n"));
});

test("the README shows commands, and has them run", () => {
  const kinds = blocksIn(textOf("README.md")).map(({ kind }) => kind);
  assert.ok(kinds.includes("console"));
  assert.match(textOf("README.md"), /npm start/u);
  assert.match(textOf("README.md"), /npm test/u);
});

const OUTPUTS = [
  { output: "a\nb\n", shown: ["a", "b"], same: true },
  { output: "a\r\nb\r\n", shown: ["a", "b"], same: true },
  { output: "a\nb\nc\n", shown: ["a", "…", "c"], same: true },
  { output: "a\nc\n", shown: ["a", "…", "c"], same: true },
  { output: "Date: today\n", shown: ["Date: …"], same: true },
  { output: "a.b\n", shown: ["a.b"], same: true },
  { output: "axb\n", shown: ["a.b"], same: false },
  { output: "a\nb\n", shown: ["a"], same: false },
  { output: "b\na\n", shown: ["a", "b"], same: false },
  { output: "a\n", shown: [], same: false },
];
for (const { output, shown, same } of OUTPUTS) {
  const verb = same ? "is" : "is not";
  test(`${JSON.stringify(output)} ${verb} shown as ${JSON.stringify(shown)}`, () => {
    assert.equal(isAsShown(output, shown), same);
  });
}

test("steps are commands with what stands below them", () => {
  const page = "# A\n\n```console\n$ serve &\nlistening\n$ curl x\n```\n\n```toml\n$ no\n```\n";
  const [first, second] = blocksIn(page);
  assert.deepEqual(stepsIn(first!), [
    { line: 4, command: "serve", stays: true, shown: ["listening"] },
    { line: 6, command: "curl x", stays: false, shown: [] },
  ]);
  assert.equal(second!.kind, "toml");
});

test("a block that is not run takes known commands only", () => {
  const block = (...lines: string[]) => ({ kind: "sh", line: 1, lines });
  assert.deepEqual(shComplaints(block("npm test # all", "", "npm run ok"), ["ok"]), []);
  assert.equal(shComplaints(block("npm run gone", "curl http://x/", "rm -r /"), ["ok"]).length, 3);
});

test("a step that prints something else is told with what it printed", () =>
  withTemporaryFolder(async (folder) => {
    const reader = new Reader(folder);
    const step = { line: 7, stays: false };
    assert.equal(await reader.do({ ...step, command: "echo a", shown: ["a"] }), null);
    assert.match(
      (await reader.do({ ...step, command: "echo a", shown: ["b"] }))!,
      /line 7.*\na\n/u,
    );
    assert.match((await reader.do({ ...step, command: "false", shown: [] }))!, /exit 1/u);
    const gone = { ...step, stays: true, command: "echo a", shown: ["b"] };
    assert.match((await reader.do(gone))!, /\(ended\)/u);
  }));

test("commands behind a server are run with the address that it took", () =>
  withTemporaryFolder(async (folder) => {
    const reader = new Reader(folder);
    const server = "node -e 'console.log(\"on 127.0.0.1:81\"); setInterval(String, 9999)'";
    const shown = ["on 127.0.0.1:80"];
    assert.equal(await reader.do({ line: 1, stays: true, command: server, shown }), null);
    const step = { line: 2, stays: false };
    const echo = { ...step, command: "echo 127.0.0.1:80 | tee seen", shown: ["127.0.0.1:80"] };
    assert.equal(await reader.do(echo), null);
    assert.equal(
      await reader.do({ ...step, command: "grep -x 127.0.0.1:81 seen", shown: [] }),
      null,
    );
    await reader.leave();
  }));
