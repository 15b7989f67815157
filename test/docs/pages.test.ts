import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILT_IN } from "../../src/server/index.ts";
import { failuresPage, generatedPages, remarksIn } from "../../tools/docs.ts";
import { filesIn, textOf } from "../checkout.ts";

for (const { file, text } of generatedPages()) {
  test(`${file} says what the program does`, () => {
    assert.ok(filesIn(file).length === 1, `${file} is missing: npm run docs`);
    assert.equal(textOf(file), text, "npm run docs brings it up to date");
  });
}

test("every failure is documented with its status and a remark, and no other is", () => {
  const page = textOf("docs/reference/failures.md");
  const rows = [...page.matchAll(/^\| (\d+) \| `(\w+)` \| .* \| (.*) \|$/gmu)];
  const documented = rows.map(([, status, code]) => `${code} ${status}`);
  const real = Object.entries(BUILT_IN.failures).map(([code, { status }]) => `${code} ${status}`);
  assert.deepEqual(documented.sort(), real.sort());
  const silent = rows.filter(([, , , remark]) => remark === "").map(([, , code]) => code);
  assert.deepEqual(silent, [], "say in the last column when it happens and what to do");
});

test("a remark outlives a new message and its code's new neighbours", () => {
  const before = failuresPage(
    { cut: { status: 400, message: "Cut." } },
    new Map([["cut", "Why."]]),
  );
  const table = {
    cut: { status: 400, message: "Was cut." },
    big: { status: 413, message: "Big." },
  };
  const after = failuresPage(table, remarksIn(before));
  assert.match(
    after,
    /^\| 400 \| `cut` \| Was cut\. \| Why\. \|\n\| 413 \| `big` \| Big\. \| {2}\|$/mu,
  );
});
