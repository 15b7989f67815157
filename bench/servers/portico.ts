// Portico from a checkout: this one, or the one whose `bin/portico` the command line names.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { RUN_AT_ONCE } from "../backends.ts";
import { type Contestant, HELLO, type Setting } from "./contestant.ts";

/** Portico as a column `name`, started by `program` (a `bin/portico`). */
export function portico(name: string, program: string): Contestant {
  let workersMax: number | null = null;
  let takesUploads: boolean | null = null;
  let takesApps: boolean | null = null;
  const takesScripts = new Map<string, boolean>();
  const apps = () => (takesApps ??= knows(program, `[[site]]\n${appRoutes(".")}`));
  const scripts = (kind: "cgi" | "fastcgi") => {
    const routes = `[[site]]\n${scriptRoutes(kind, ".", "/php-fpm.sock")}`;
    if (!takesScripts.has(kind)) takesScripts.set(kind, knows(program, routes));
    return takesScripts.get(kind)!;
  };
  const knownWorkersMax = () => (workersMax ??= knows(program, "workers = 2\n") ? 64 : 1);
  const uploads = () => (takesUploads ??= knows(program, `[[site]]\n${uploadRoutes("a", "b")}`));
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
      const { quick, durable } = setting.store;
      if (apps()) writeApps(setting.folder);
      const routes = [
        apps() ? appRoutes(setting.folder) : "",
        uploads() ? uploadRoutes(quick, durable) : "",
        ...(["cgi", "fastcgi"] as const).map((kind) =>
          scripts(kind) ? scriptRoutes(kind, setting.scripts, setting.socketOf("php-fpm")) : "",
        ),
      ];
      writeFileSync(file, workers + config(setting) + routes.join(""));
      return [program, "serve", "-c", file];
    },
    uploads,
    scripts,
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

const SAYS_HELLO = `export default { fetch: () => new Response("${HELLO}") };`;

/** What apps answer, by the last part of their route's path: as people write them. */
const APPS = [
  { name: "hello", text: SAYS_HELLO },
  { name: "async", text: `export default { fetch: async () => new Response("${HELLO}") };` },
  { name: "no-session", text: SAYS_HELLO, session: true },
  {
    name: "session",
    // The first answer's cookie is of a session that says it.
    text: `export default {
  fetch: async (request, { session }) => {
    const said = await session.get("said");
    if (said === undefined) await session.set("said", "${HELLO}");
    return new Response(said ?? "${HELLO}");
  },
};`,
    session: true,
  },
];

function writeApps(folder: string): void {
  for (const { name, text } of APPS) writeFileSync(path.join(folder, `${name}.mjs`), text);
}

function appRoutes(folder: string): string {
  return APPS.map(
    ({ name, session = false }) => `  [[site.route]]
  path = "/app/${name}"
  app  = "${folder}/${name}.mjs"
  session = ${session}
`,
  ).join("");
}

function uploadRoutes(quick: string, durable: string): string {
  return `  [[site.route]]
  path   = "/upload/*"
  upload = { to = "${quick}", durability = "none", digest = false }
  [[site.route]]
  path   = "/durable/*"
  upload = { to = "${durable}", durability = "fsync", digest = true }
`;
}

function scriptRoutes(kind: "cgi" | "fastcgi", folder: string, socket: string): string {
  return kind === "cgi"
    ? `  [[site.route]]
  path = "/cgi-bin/*"
  cgi  = { root = "${folder}/cgi-bin", concurrency = ${RUN_AT_ONCE} }
`
    : `  [[site.route]]
  path    = "*.php"
  fastcgi = { address = "unix:${socket}", root = "${folder}", concurrency = ${RUN_AT_ONCE} }
`;
}

// A checkout of before there were workers has no such key, and one of them; one of before uploads
// takes none, and runs nothing.
function knows(program: string, toml: string): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), "portico-bench-"));
  try {
    const file = path.join(folder, "portico.toml");
    mkdirSync(path.join(folder, "cgi-bin"));
    writeApps(folder);
    writeFileSync(file, toml);
    return spawnSync(program, ["check", "-c", file]).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function commitOf(program: string): string {
  const args = ["-C", path.dirname(program), "describe", "--always", "--dirty", "--exclude=*"];
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
  return status === 0 ? `(${stdout.trim()})` : "";
}
