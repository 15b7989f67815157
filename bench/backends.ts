// The programs that servers hand scripts to: fcgiwrap, which runs them for nginx, and one php-fpm
// for all. They are started when the first row wants them.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import path from "node:path";
import { processTree } from "./process-tree.ts";
import { LOAD_CPU, pinned, SERVER_CPU } from "./processors.ts";

/** How many scripts, or pages of PHP, may run at once. */
export const RUN_AT_ONCE = 8;

const START_MS_MAX = 10_000;
const PHP_FPM = /^php-fpm[\d.]*$/u;

export type BackendName = "fcgiwrap" | "php-fpm";

/** Where a backend listens, below the folder of a run. */
export function socketOf(folder: string, name: BackendName): string {
  return path.join(folder, `${name}.sock`);
}

/** The program of a backend; null where it is not installed. */
export function programOf(name: BackendName): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin"];
  for (const folder of folders.filter((one) => existsSync(one))) {
    const isIt = (file: string) => (name === "fcgiwrap" ? file === name : PHP_FPM.test(file));
    const found = readdirSync(folder).find(isIt);
    if (found !== undefined) return path.join(folder, found);
  }
  return null;
}

export class Backend {
  readonly #process: ChildProcess;
  readonly #kill = () => this.#signal("SIGKILL");

  private constructor(folder: string, command: readonly string[]) {
    const [program, ...args] = command;
    const log = openSync(path.join(folder, "log"), "w");
    this.#process = spawn(program!, args, { stdio: ["ignore", log, log] });
    closeSync(log);
    process.once("exit", this.#kill);
  }

  /** Starts `program` as `name`; resolves when it takes connections. */
  static async start(folder: string, name: BackendName, program: string): Promise<Backend> {
    const own = path.join(folder, name);
    mkdirSync(own, { recursive: true });
    const socket = socketOf(folder, name);
    const backend = new Backend(own, commandOf(name, program, { own, socket }));
    const started = performance.now();
    while (!(await takes(socket))) {
      if (!backend.#isAlive() || performance.now() - started > START_MS_MAX) {
        await backend.stop();
        throw new Error(`${name} does not start: see ${own}/log`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return backend;
  }

  get pid(): number {
    return this.#process.pid!;
  }

  async stop(): Promise<void> {
    process.off("exit", this.#kill);
    if (!this.#isAlive()) return;
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#signal("SIGTERM");
    await ended;
  }

  #isAlive(): boolean {
    const { exitCode, pid, signalCode } = this.#process;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  #signal(signal: NodeJS.Signals): void {
    if (!this.#isAlive()) return;
    for (const pid of processTree(this.pid)) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
  }
}

// What runs scripts counts as a part of the server, on its core. php-fpm is asked by all alike and
// counts for nobody.
function commandOf(
  name: BackendName,
  program: string,
  { own, socket }: { readonly own: string; readonly socket: string },
): string[] {
  if (name === "fcgiwrap") {
    return pinned(SERVER_CPU, [program, "-c", String(RUN_AT_ONCE), "-s", `unix:${socket}`]);
  }
  const isRoot = process.getuid?.() === 0;
  const file = path.join(own, "fpm.conf");
  writeFileSync(
    file,
    `[global]
daemonize = no
error_log = ${own}/fpm.log
[bench]
listen = ${socket}
${isRoot ? "user = root\ngroup = root" : ""}
pm = static
pm.max_children = ${RUN_AT_ONCE}
`,
  );
  return pinned(LOAD_CPU, [program, "-F", "-n", ...(isRoot ? ["-R"] : []), "-y", file]);
}

function takes(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.on("error", () => resolve(false));
    connection.on("connect", () => {
      connection.destroy();
      resolve(true);
    });
  });
}
