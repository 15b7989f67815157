// The real program as a child process, for tests that want all of it. A test that fails or forgets
// to stop it leaves none behind: what still runs when the test's process ends is killed.
import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { readdir, readlink } from "node:fs/promises";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../bin/portico", import.meta.url));
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 30_000;
const START_LINE = /^portico: listening on (.+)$/gm;
const QUIET_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z (?:debug|info) /;

export interface ProgramOptions {
  /** As behind `bin/portico`: `["serve", folder, "-l", "0"]`. */
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of the tests; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Resolves once the program listens; rejects with what it wrote when it ends instead. */
export async function startPortico(options: ProgramOptions): Promise<RunningProgram> {
  const program = new RunningProgram(options);
  await program.started();
  return program;
}

export class RunningProgram {
  /** As in the start lines: `http://127.0.0.1:8080`, `unix:/path`. */
  urls: readonly string[] = [];
  readonly #child: ChildProcessByStdio<null, Socket, Socket>;
  readonly #exited: Promise<number | null>;
  #stdout = "";
  #stderr = "";
  #onOutput: () => void = () => undefined;

  constructor({ args, cwd, env }: ProgramOptions) {
    const child = spawn(PROGRAM, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }) as ChildProcessByStdio<null, Socket, Socket>;
    this.#child = child;
    running.add(child);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#onOutput();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.#exited = new Promise((resolve, reject) => {
      child.once("error", reject);
      // "close", not "exit": what it wrote last has been read, too.
      child.once("close", (code) => {
        running.delete(child);
        resolve(code);
      });
    });
  }

  /** The exit code, or null when a signal ended it. */
  get exited(): Promise<number | null> {
    this.#hold(true);
    return this.#exited;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** The port of the first TCP listener; 0 when there is none. */
  get port(): number {
    const url = this.urls.find((one) => one.startsWith("http"));
    return url === undefined ? 0 : Number(new URL(url).port || 80);
  }

  stdout(): string {
    return this.#stdout;
  }

  stderr(): string {
    return this.#stderr;
  }

  /**
   * What it complained of: every line on standard error that is not a notice of level `info` or
   * below. With the access log elsewhere, a test that is done finds none.
   */
  complaints(): string[] {
    return this.#stderr.split("\n").filter((line) => line !== "" && !QUIET_LINE.test(line));
  }

  /** What its open descriptors stand for: paths, `socket:[…]`, `anon_inode:…` (Linux only). */
  async descriptors(): Promise<string[]> {
    const folder = `/proc/${this.pid}/fd`;
    const names = await readdir(folder);
    const targets = await Promise.all(
      // One that was closed since the folder was read is none.
      names.map((name) => readlink(`${folder}/${name}`).catch(() => null)),
    );
    return targets.filter((target) => target !== null);
  }

  /** Asks it to stop (SIGTERM) and resolves to its exit code; null when it had to be killed. */
  async stop(): Promise<number | null> {
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), STOP_LIMIT_MS);
    const code = await this.exited;
    clearTimeout(late);
    return code;
  }

  /** Ends it as a crash of the machine would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  /** Resolves once the start lines are there, which come in one write. */
  async started(): Promise<void> {
    const listening = new Promise<true>((resolve) => {
      this.#onOutput = () => {
        if (!this.#stdout.endsWith("\n") || !this.#stdout.includes("listening on")) return;
        this.urls = [...this.#stdout.matchAll(START_LINE)].map((line) => line[1]!);
        resolve(true);
      };
    });
    const late = setTimeout(() => this.#child.kill("SIGKILL"), START_LIMIT_MS);
    const first = await Promise.race([listening, this.#exited]);
    clearTimeout(late);
    this.#hold(false);
    if (first === true) return;
    throw new Error(`the program ended (${first}) before it listened:\n${this.#stderr}`);
  }

  /** Whether the test's process waits for it: one that fails half-way kills it instead. */
  #hold(held: boolean): void {
    for (const one of [this.#child, this.#child.stdout, this.#child.stderr]) {
      if (held) one.ref();
      else one.unref();
    }
  }
}
