// Portico from a checkout: this one, or the one whose `bin/portico` the command line names.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Contestant, HELLO, type Setting } from "./contestant.ts";

/** Portico as a column `name`, started by `program` (a `bin/portico`). */
export function portico(name: string, program: string): Contestant {
  let workersMax: number | null = null;
  const knownWorkersMax = () => (workersMax ??= knowsWorkers(program) ? 64 : 1);
  return {
    name,
    needs: null,
    version: () => {
      if (!existsSync(program)) throw new Error(`There is no ${program}.`);
      const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
      return [stdout.replace("portico", "").trim(), commitOf(program)].join(" ").trim();
    },
    workersMax: knownWorkersMax,
    command: (setting) => {
      const file = path.join(setting.folder, "portico.toml");
      const workers = knownWorkersMax() > 1 ? `workers = ${setting.workers}\n` : "";
      writeFileSync(file, workers + config(setting));
      return [program, "serve", "-c", file];
    },
    without: [],
  };
}

function config({ folder, material, port }: Setting): string {
  return `data = "${path.join(folder, "data")}"
[[listen]]
address = "127.0.0.1:${port}"
[limits]
connections = 15000
requestsPerConnection = 1000000000
[log]
access = "off"
[[site]]
  [[site.route]]
  path   = "/*"
  static = { root = "${material}" }
  [[site.route]]
  path   = "/list/*"
  static = { root = "${path.join(material, "list")}", list = true }
  [[site.route]]
  path    = "/hello"
  respond = { body = "${HELLO}" }
`;
}

// A checkout of before there were workers has no such key, and one of them.
function knowsWorkers(program: string): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), "portico-bench-"));
  try {
    const file = path.join(folder, "portico.toml");
    writeFileSync(file, "workers = 2\n");
    return spawnSync(program, ["check", "-c", file]).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function commitOf(program: string): string {
  const args = ["-C", path.dirname(program), "rev-parse", "--short", "HEAD"];
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
  return status === 0 ? `(${stdout.trim()})` : "";
}
