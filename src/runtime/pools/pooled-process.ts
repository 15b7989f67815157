// One process of a pool, in its place: started, watched, started anew. It gets a unix socket that
// listens as its standard input (FastCGI 1.0 §2.2).
//
// Where the server can hold a descriptor (SharedUnix), the socket stays while the process is
// replaced, and who connects in between waits for its successor: a program that ends after so many
// requests loses nobody. Without, each start has a socket of its own.
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import type { Log } from "../../base/log.ts";
import { lendUnix, openSharedUnix, type SharedUnix } from "../../transport/index.ts";
import { ComplaintLines, PROGRAM_PATH, signalGroup } from "../programs/index.ts";
import { mortal } from "./mortal.ts";
import type { PoolSpec } from "./spec.ts";

// A process that lived so long has not died of its start.
const SOUND_MS = 2000;
const RETRY_MS_FIRST = 100;
// Its socket is held for so long. Who connects to it waits; longer, nobody shall.
const HOLD_MS = 300;
const RETRY_MS_MAX = 30_000;
// Ended by a signal, or with 0: the request was too much for it, or the last that it takes. That
// says little of the next start: it comes soon, and who connects waits for it.
const CRASH_RETRY_MS_MAX = 1000;
// PHP ends after 500 requests where nothing is said, and a start costs as much as many requests.
const REQUESTS_MAX = "10000";

export class PooledProcess {
  readonly #spec: PoolSpec;
  readonly #name: string;
  readonly #path: string;
  readonly #log: Log;
  #socket: SharedUnix | null = null;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #startedMs = 0;
  /** null: it has not died of its start. */
  #retryMs: number | null = null;
  #retry: NodeJS.Timeout | null = null;
  #retrying: Promise<void> = Promise.resolve();
  #stopping = false;
  /** It is ended to be started anew. */
  #replacing = false;

  constructor(spec: PoolSpec, index: number, path: string, log: Log) {
    this.#spec = spec;
    this.#name = `${spec.name} ${index + 1}`;
    this.#path = path;
    this.#log = log;
  }

  /** Its process, while it has one. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Resolves with why there can be no such process, in words; null: it runs. */
  async start(): Promise<string | null> {
    try {
      const child = await this.#spawn();
      if (child.pid === undefined) return inWords(await failureOf(child), this.#spec);
      this.#watch(child);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Ends it at once, whatever it does; its successor follows. */
  replace(): void {
    if (this.#child === null || this.#stopping) return;
    this.#replacing = true;
    signalGroup(this.#child.pid!, "SIGKILL");
  }

  /** Asks it to end, insists after `graceMs`, and resolves when it is gone. */
  async end(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#retrying;
    this.#leaveSocket();
    const child = this.#child;
    if (child === null) return;
    signalGroup(child.pid!, "SIGTERM");
    const late = setTimeout(() => signalGroup(child.pid!, "SIGKILL"), graceMs);
    await this.#ended;
    clearTimeout(late);
  }

  async #spawn(): Promise<ChildProcess> {
    if (this.#socket === null) {
      // Whoever was here before is not connected to any more: the folder is this server's alone.
      rmSync(this.#path, { force: true });
      const address = { kind: "unix", path: this.#path } as const;
      this.#socket = await openSharedUnix(address);
      if (this.#socket === null) {
        return lendUnix(address, (fd) => this.#spawnOn(fd, { mayEnd: false }));
      }
    }
    return this.#spawnOn(this.#socket.descriptor, { mayEnd: true });
  }

  /** `mayEnd`: nobody is lost where it ends between two requests. */
  #spawnOn(fd: number, { mayEnd }: { readonly mayEnd: boolean }): ChildProcess {
    const { command, cwd, env } = this.#spec;
    const [program, ...args] = mortal(command);
    const stdio: StdioOptions = [fd, "ignore", "pipe"];
    const requests = mayEnd ? REQUESTS_MAX : "0";
    const usual = { PATH: PROGRAM_PATH, LANG: "C.UTF-8", PHP_FCGI_MAX_REQUESTS: requests };
    return spawn(program, args, { cwd, env: { ...usual, ...env }, stdio, detached: true });
  }

  #watch(child: ChildProcess): void {
    this.#child = child;
    this.#startedMs = performance.now();
    child.on("error", () => {}); // that a signal did not reach it
    // It may run for months: each line has a bound, all of them have none.
    const complain = (line: string): void => this.#log.warn(`${this.#name}: ${line}`);
    const complaints = new ComplaintLines(complain, Infinity);
    child.stderr!.on("data", (bytes: Buffer) => complaints.feed(bytes));
    child.stderr!.on("error", () => {});
    this.#ended = new Promise((resolve) => {
      child.on("exit", (status, signal) => {
        complaints.end();
        child.stderr!.destroy(); // a child of it may hold the other end
        signalGroup(child.pid!, "SIGKILL");
        this.#onExit(status, signal);
        resolve();
      });
    });
  }

  #onExit(status: number | null, signal: string | null): void {
    this.#child = null;
    if (this.#stopping) return;
    const isSound = performance.now() - this.#startedMs > SOUND_MS;
    const wasAsked = this.#replacing;
    this.#replacing = false;
    const isExpected = wasAsked || (isSound && status === 0);
    this.#retryMs = wasAsked || isSound ? null : nextRetry(this.#retryMs);
    const crashed = signal !== null || status === 0;
    const retryMs = Math.min(this.#retryMs ?? 0, crashed ? CRASH_RETRY_MS_MAX : Infinity);
    if (!isExpected) {
      const how = signal === null ? `ended with ${status}` : `was ended by ${signal}`;
      const when = retryMs === 0 ? "" : ` in ${retryMs / 1000} s`;
      this.#log.error(`${this.#name} ${how} and is started again${when}`);
    }
    this.#startAgain(retryMs, crashed || retryMs <= HOLD_MS);
  }

  #startAgain(retryMs: number, keepsSocket: boolean): void {
    // Nobody shall wait for what may never come.
    if (!keepsSocket) this.#leaveSocket();
    this.#retry = setTimeout(() => {
      this.#retrying = this.#retryNow();
    }, retryMs);
  }

  async #retryNow(): Promise<void> {
    const why = await this.start();
    if (why === null || this.#stopping) return;
    this.#retryMs = nextRetry(this.#retryMs);
    const when = `in ${this.#retryMs / 1000} s`;
    this.#log.error(`${this.#name} can't be started (${why}), tried again ${when}`);
    this.#startAgain(this.#retryMs, false);
  }

  #leaveSocket(): void {
    this.#socket?.close({ unlink: false });
    this.#socket = null;
    rmSync(this.#path, { force: true });
  }
}

/** At once after a first death, then later and later. */
function nextRetry(beforeMs: number | null): number {
  if (beforeMs === null) return 0;
  return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_FIRST, 2 * beforeMs));
}

function failureOf(child: ChildProcess): Promise<NodeJS.ErrnoException> {
  child.stderr?.destroy();
  return new Promise((resolve) => child.on("error", resolve));
}

function inWords({ code, message }: NodeJS.ErrnoException, { command, cwd }: PoolSpec): string {
  const [program] = command;
  if (code === "ENOENT" && !existsSync(cwd)) return `there is no folder ${cwd}`;
  if (code === "ENOENT") return `there is no program ${program}: install it, or name its path`;
  if (code === "EACCES") return `${program} may not be run`;
  return `${program}: ${message}`;
}
