// The servers that are Node programs of a page each, on the Node that Portico runs on.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { APP_ROWS, type Contestant, SESSION_ROWS, type Setting } from "./contestant.ts";

/** Rows of what they do not do. */
const SCRIPTS = ["cgi-sh", "cgi-perl", "fastcgi", "fastcgi-kept"];

export const nodeHttp: Contestant = {
  name: "node-http",
  needs: null,
  version: () => `${process.versions.node}, busboy ${versionOf("busboy")}`,
  workersMax: () => 1,
  command: (setting) => nodeCommand("node-http-program.ts", setting),
  without: ["list", ...SCRIPTS, ...SESSION_ROWS],
};

export const fastify: Contestant = {
  name: "fastify",
  needs: null,
  version: () => {
    const parts = ["static", "multipart"].map((name) => `@fastify/${name}`);
    return [versionOf("fastify"), ...parts.map((name) => `${name} ${versionOf(name)}`)].join(", ");
  },
  workersMax: () => 1,
  command: (setting) => nodeCommand("fastify-program.ts", setting),
  // What people upload to it are forms.
  without: ["put-1mb", "put-100mb", "put-durable", "uploads-50", ...SCRIPTS, ...SESSION_ROWS],
};

/** Hono on @hono/node-server: a framework of `fetch` handlers, on `node:http`. */
export const hono: Contestant = {
  name: "hono",
  needs: null,
  version: () => `${versionOf("hono")}, @hono/node-server ${versionOf("@hono/node-server")}`,
  workersMax: () => 1,
  command: (setting) => nodeCommand("hono-program.ts", setting),
  uploads: () => false,
  without: [],
  only: APP_ROWS,
};

function nodeCommand(program: string, { material, store, port }: Setting): string[] {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const args = [material, String(port), store.quick, store.durable];
  return [process.execPath, "--disable-warning=ExperimentalWarning", file, ...args];
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
