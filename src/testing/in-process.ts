// The command line without a process of its own: fast, and in the test's own coverage.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { run, type Terminal } from "../cli/index.ts";

/** What `portico ...args` says and ends with, in this process. */
export async function portico(
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const terminal: Terminal = {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    outColor: false,
    errColor: false,
    errColumns: null,
    outLost: async () => null,
  };
  const code = await run(args, terminal);
  return { code, ...said };
}

/** Has this file's tests run in a fresh folder, which is removed behind them. */
export function moveToTemporaryFolder(): void {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "portico-cli-"));
  process.chdir(folder);
  after(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
}
