// A server that runs: started on its core, asked until it answers, stopped with what it started.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { ask } from "./ask.ts";
import { processTree } from "./process-tree.ts";
import { pinned } from "./processors.ts";
import type { Contestant, Setting } from "./servers/contestant.ts";
import type { Store } from "./store.ts";

const START_MS_MAX = 15_000;
const STOP_MS_MAX = 5000;

const RUNNING = new Set<RunningServer>();
process.on("exit", () => {
  for (const server of RUNNING) server.kill();
});
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => process.exit(1));
}

export class RunningServer {
  readonly contestant: Contestant;
  readonly port: number;
  readonly store: Store;
  /** Milliseconds from the start of the process to the end of its first answer. */
  startMs = 0;
  readonly #process: ChildProcess;
  readonly #exit: Promise<void>;
  readonly #logFile: string;
  readonly #born: number;

  private constructor(contestant: Contestant, setting: Setting, cpus: string) {
    mkdirSync(setting.folder, { recursive: true });
    const [program, ...args] = pinned(cpus, contestant.command(setting));
    this.contestant = contestant;
    this.port = setting.port;
    this.store = setting.store;
    this.#logFile = path.join(setting.folder, "log");
    const log = openSync(this.#logFile, "w");
    const env = { ...process.env, NODE_ENV: "production" };
    this.#born = performance.now();
    this.#process = spawn(program!, args, { env, stdio: ["ignore", log, log] });
    closeSync(log);
    RUNNING.add(this);
    this.#exit = new Promise((resolve) => {
      for (const end of ["error", "exit"]) {
        this.#process.on(end, () => {
          RUNNING.delete(this);
          resolve();
        });
      }
    });
  }

  /** Starts `contestant`; resolves with it when it answers. Rejects with what it logged. */
  static async start(
    contestant: Contestant,
    setting: Setting,
    cpus: string,
  ): Promise<RunningServer> {
    const server = new RunningServer(contestant, setting, cpus);
    while (!(await answers(setting.port, contestant))) {
      if (!server.#isAlive() || server.#ageMs() > START_MS_MAX) {
        await server.stop();
        const log = readFileSync(server.#logFile, "utf8");
        throw new Error(`${contestant.name} does not answer:\n${log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    server.startMs = server.#ageMs();
    return server;
  }

  get pid(): number {
    return this.#process.pid!;
  }

  /** Ends it, and what it started, in time or by force. */
  async stop(): Promise<void> {
    if (!this.#isAlive()) return;
    const tree = processTree(this.pid);
    const force = setTimeout(() => killAll(tree), STOP_MS_MAX);
    this.#process.kill("SIGTERM");
    await this.#exit;
    clearTimeout(force);
  }

  /** Ends it at once, with all that it started. */
  kill(): void {
    if (this.#isAlive()) killAll(processTree(this.pid));
  }

  #ageMs(): number {
    return performance.now() - this.#born;
  }

  #isAlive(): boolean {
    const { exitCode, pid, signalCode } = this.#process;
    return pid !== undefined && exitCode === null && signalCode === null;
  }
}

async function answers(port: number, { only }: Contestant): Promise<boolean> {
  try {
    return (await ask(port, only === undefined ? "/1kb.html" : "/app/hello")).status === 200;
  } catch (error) {
    // Reset: what looks for a free port listens and closes before the server itself listens.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED" || code === "ECONNRESET") return false;
    throw error;
  }
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
