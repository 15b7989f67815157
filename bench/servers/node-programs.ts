// The servers that are Node programs of a page each, on the Node that Portico runs on.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Contestant } from "./contestant.ts";

export const nodeHttp: Contestant = {
  name: "node-http",
  needs: null,
  version: () => process.versions.node,
  workersMax: () => 1,
  command: ({ material, port }) => nodeCommand("node-http-program.ts", material, port),
  without: ["list"],
};

export const fastify: Contestant = {
  name: "fastify",
  needs: null,
  version: () => `${versionOf("fastify")}, @fastify/static ${versionOf("@fastify/static")}`,
  workersMax: () => 1,
  command: ({ material, port }) => nodeCommand("fastify-program.ts", material, port),
  without: [],
};

function nodeCommand(program: string, material: string, port: number): string[] {
  const file = fileURLToPath(new URL(program, import.meta.url));
  return [process.execPath, "--disable-warning=ExperimentalWarning", file, material, String(port)];
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
