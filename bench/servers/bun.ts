// Bun.serve, of a version that is installed when it is first asked for: who runs no benchmark,
// or no row of apps, need not have it.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { APP_ROWS, type Contestant } from "./contestant.ts";

const VERSION = "1.4.5";
const PACKAGE = `@oven/bun-${process.platform}-${process.arch}`;
const FOLDER = path.join(import.meta.dirname, "../../node_modules/.cache/bun", VERSION);
const PROGRAM = path.join(FOLDER, "node_modules", PACKAGE, "bin/bun");

export const bun: Contestant = {
  name: "bun",
  needs: null,
  version: () => spawnSync(installed(), ["--version"], { encoding: "utf8" }).stdout.trim(),
  workersMax: () => 1,
  command: ({ material, port }) => {
    const file = path.join(import.meta.dirname, "bun-program.mjs");
    return [installed(), file, material, String(port)];
  },
  uploads: () => false,
  threadsEnd: true,
  without: [],
  only: APP_ROWS,
};

function installed(): string {
  if (existsSync(PROGRAM)) return PROGRAM;
  const args = ["install", "--prefix", FOLDER, "--no-save", "--no-audit", "--no-fund"];
  execFileSync("npm", [...args, "--no-package-lock", `${PACKAGE}@${VERSION}`], { stdio: "ignore" });
  return PROGRAM;
}
