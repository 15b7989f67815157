// The three ways in which a site runs PHP: a process a request, php-fpm, a pool of Portico's own.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findProgram } from "../../src/runtime/index.ts";
import { until } from "../../src/testing/index.ts";

export interface PhpWay {
  readonly name: string;
  /** Why it can't be tried here; false where it can. */
  readonly skip: string | false;
  /** The key of a route that runs the `.php` files below the site's `public`. */
  readonly route: (more: string) => string;
  /** Starts what the way needs beside the server; what it resolves to ends that. */
  readonly start: (folder: string) => Promise<() => Promise<void>>;
}

const FPM_FOLDERS = `${process.env["PATH"] ?? ""}${delimiter}/usr/sbin`.split(delimiter);
const FPM = newestFpm();
const nothing = (): Promise<() => Promise<void>> => Promise.resolve(() => Promise.resolve());
const noCgi = findProgram("php-cgi") === null && "no php-cgi here";

export const PHP_WAYS: readonly PhpWay[] = [
  {
    name: "php-cgi, a process a request",
    skip: noCgi,
    route: (more) => `cgi = { root = "public", interpreters = { ".php" = "php-cgi" }${more} }`,
    start: nothing,
  },
  {
    name: "php-fpm",
    skip: FPM === null && "no php-fpm here",
    route: (more) => `fastcgi = { address = "unix:{folder}/fpm.sock", root = "public"${more} }`,
    start: startFpm,
  },
  {
    name: "a pool of php-cgi",
    skip: noCgi,
    route: (more) => `fastcgi = { spawn = "php-cgi", workers = 2, root = "public"${more} }`,
    start: nothing,
  },
];

/** Debian's has its version in its name: `php-fpm8.2`. */
function newestFpm(): string | null {
  const files = FPM_FOLDERS.flatMap((folder) => {
    try {
      const names = readdirSync(folder).filter((name) => /^php-fpm[\d.]*$/.test(name));
      return names.toSorted().map((name) => join(folder, name));
    } catch {
      return []; // PATH may name folders that are not there
    }
  });
  return files.at(-1) ?? null;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM"); // its children end with it
});

async function startFpm(folder: string): Promise<() => Promise<void>> {
  const isRoot = process.getuid?.() === 0;
  const [config, log] = [join(folder, "fpm.conf"), join(folder, "fpm.log")];
  await writeFile(config, fpmConfig(folder, log, isRoot));
  // In the foreground it stays in the group of the tests, and ends with it, whatever fails.
  const args = ["--nodaemonize", "--fpm-config", config];
  const child = spawn(FPM!, isRoot ? [...args, "--allow-to-run-as-root"] : args, {
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  running.add(child);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    running.delete(child);
  };
  await until(async () => {
    const told = await readFile(log, "utf8").catch(() => "");
    if (child.exitCode !== null) throw new Error(`php-fpm ended: ${told}`);
    return told.includes("ready to handle");
  });
  return stop;
}

function fpmConfig(folder: string, log: string, isRoot: boolean): string {
  return `[global]
error_log = ${log}
[tests]
${isRoot ? "user = root" : ""}
listen = ${join(folder, "fpm.sock")}
pm = static
pm.max_children = 2
`;
}
