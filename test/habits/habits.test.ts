// Type check, lint and format, as tests: `npm test` knows whether a change is good.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { CHECKOUT } from "../checkout.ts";

const HABITS = [
  { name: "types check", tool: ["typescript/bin/tsc", "-p", "tsconfig.json"], repair: "" },
  { name: "lint finds nothing", tool: ["oxlint/bin/oxlint", "--deny-warnings"], repair: "" },
  {
    name: "code is formatted",
    tool: ["oxfmt/bin/oxfmt", "--list-different", "."],
    repair: "npm run format repairs it:\n",
  },
];

for (const { name, tool, repair } of HABITS) {
  test(name, () => {
    const [program, ...args] = tool;
    const script = path.join(CHECKOUT, "node_modules", program!);
    const options = { cwd: CHECKOUT, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
    assert.equal(status, 0, `${repair}${stdout}${stderr}`);
  });
}
