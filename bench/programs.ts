// The programs that a run needs and npm cannot bring.
import { existsSync } from "node:fs";
import path from "node:path";
import type { Contestant, Need } from "./servers/contestant.ts";

/** What loads, pins and looks, whoever is compared. */
const TOOLS: readonly Need[] = [
  { program: "wrk", debianPackage: "wrk" },
  { program: "taskset", debianPackage: "util-linux" },
  { program: "curl", debianPackage: "curl" },
  { program: "dd", debianPackage: "coreutils" },
];

/** Throws an Error that names each missing program with its package. */
export function requirePrograms(
  contestants: readonly Contestant[],
  searchPath: string = process.env["PATH"] ?? "",
): void {
  const needs = [...TOOLS, ...contestants.flatMap(({ needs }) => needs ?? [])];
  const missing = needs.filter(({ program }) => !isOnPath(program, searchPath));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  const names = [...new Set(missing.map(({ program }) => program))];
  throw new Error(
    `Missing: ${names.join(", ")}. On Debian: apt-get install ${packages.join(" ")}\n` +
      "A server is left out by naming the others: --servers portico,node-http",
  );
}

function isOnPath(program: string, searchPath: string): boolean {
  const folders = searchPath.split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, program)));
}
