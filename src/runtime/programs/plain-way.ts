// A program by child_process. What it lacks beside the native way: standard output and error are
// sockets, which scripts can't open by name; the environment is text, so that bytes which are no
// UTF-8 are lost; and where a worker dies, nobody can reap what it ran until the server ends.
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { ComplaintLines } from "./complaints.ts";
import { executableFailure } from "./executable.ts";
import { ProgramLife, type Way } from "./life.ts";
import { PID, type ProgramRow } from "./program-table.ts";
import { StartFailure, type ProgramRun, type ProgramSink } from "./run.ts";

/** Three socket pairs, the pipe that tells of a failed exec, and the input's file. */
const DESCRIPTORS_NEEDED = 9;

/** As `startNative`. */
export async function startPlain(
  run: ProgramRun,
  sink: ProgramSink,
  row: ProgramRow,
  onRelease: () => void,
): Promise<PlainProgram | StartFailure> {
  const wrong = executableFailure(run.file) ?? descriptorsFailure();
  if (wrong !== null) return new StartFailure(wrong);
  const input = typeof run.input === "number" ? fromBeginning(run.input) : run.input;
  let child: ChildProcess | null = null;
  try {
    child = spawnChild(run, input);
    row[PID] = child.pid ?? 0;
    await begun(child);
    if (input instanceof Uint8Array) child.stdin!.on("error", () => undefined).end(input);
    return new PlainProgram(child, sink, row, onRelease);
  } catch (error) {
    row[PID] = 0;
    for (const end of child?.stdio ?? []) end?.destroy();
    const { code = "EINVAL" } = error as NodeJS.ErrnoException;
    return new StartFailure(code.startsWith("ERR_") ? "EINVAL" : code);
  } finally {
    if (typeof input === "number" && input !== run.input) closeSync(input);
  }
}

/**
 * EMFILE, or ENFILE, where there are too few. To be asked before: three sockets stay open for good
 * where child_process runs out of descriptors behind making them.
 */
function descriptorsFailure(): string | null {
  const free: number[] = [];
  try {
    while (free.length < DESCRIPTORS_NEEDED) free.push(openSync("/dev/null", "r"));
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "EMFILE";
  } finally {
    for (const fd of free) closeSync(fd);
  }
}

function begun(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
}

function spawnChild(run: ProgramRun, input: ProgramRun["input"]): ChildProcess {
  const stdin = input === null ? "ignore" : typeof input === "number" ? input : "pipe";
  const stdio: StdioOptions = [stdin, "pipe", "pipe"];
  const env: Record<string, string> = {};
  const entries = Buffer.from(run.environment).toString("utf8").split("\0");
  for (const entry of entries.slice(0, -1)) {
    const at = entry.indexOf("=");
    if (at > 0) env[entry.slice(0, at)] = entry.slice(at + 1);
  }
  return spawn(run.file, run.args, { cwd: run.cwd, env, stdio, detached: true });
}

/** `fd`'s file opened anew, so that it is read from where it begins; `fd` where it can't be. */
function fromBeginning(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, "r");
  } catch {
    return fd;
  }
}

export class PlainProgram implements Way {
  readonly life: ProgramLife;
  readonly #row: ProgramRow;
  readonly #onRelease: () => void;
  readonly #child: ChildProcess;
  readonly #output: Readable;
  readonly #lines: ComplaintLines;

  constructor(child: ChildProcess, sink: ProgramSink, row: ProgramRow, onRelease: () => void) {
    this.#child = child;
    this.#row = row;
    this.#onRelease = onRelease;
    this.#lines = new ComplaintLines((line) => sink.onComplaint(line));
    const life = new ProgramLife(child.pid!, sink, this);
    this.life = life;
    this.#output = child.stdout!;
    this.#output.on("data", (bytes: Buffer) => {
      if (!life.onOutput(bytes)) this.#output.pause();
    });
    this.#output.on("error", () => undefined);
    this.#output.on("close", () => life.onOutputEnd());
    child.stderr!.on("data", (bytes: Buffer) => this.#lines.feed(bytes));
    child.stderr!.on("error", () => undefined);
    child.on("exit", (status, signal) => life.onLeaderEnd({ status, signal }));
  }

  look(): void {
    this.life.look();
  }

  resumeOutput(): void {
    this.#output.resume();
  }

  closeOutput(): void {
    this.#output.destroy();
  }

  groupGone(): void {
    this.#row[PID] = 0;
  }

  release(): void {
    this.#lines.end();
    for (const end of this.#child.stdio) end?.destroy();
    this.#onRelease();
  }
}
