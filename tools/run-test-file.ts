// One test file in one process that leads a group. Its output and its events go to files, so that
// nothing waits for a pipe that some forgotten grandchild still holds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** How long one file may take: beyond it something hangs, on the slowest machine too. */
const FILE_MS_MAX = 300_000;
const OUTPUT_CHARS_MAX = 20_000;
const REPORTER = fileURLToPath(new URL("test-events.mjs", import.meta.url));

export interface TestFailure {
  readonly name: string;
  readonly line: number;
  readonly report: string;
}

export interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly TestFailure[];
  /** What the file printed, its end where that is long. */
  readonly output: string;
}

interface Counts {
  readonly passed: number;
  readonly skipped: number;
  readonly todo: number;
}

type TestEvent =
  | { readonly type: "pass" }
  | ({ readonly type: "fail" } & TestFailure)
  | { readonly type: "counts"; readonly counts: Counts };

const running = new Set<number>();

/** Ends every test file under way, and what it started. */
export function killAll(): void {
  for (const group of running) killGroup(group);
}

/** Runs `file`; `folder` takes what it prints. A file without a test counts as a failure. */
export async function runFile(file: string, folder: string, msMax = FILE_MS_MAX): Promise<Outcome> {
  const stem = path.join(folder, file.replaceAll("/", "+"));
  const ending = await runProcess(file, stem, msMax);
  const events = eventsIn(`${stem}.events`);
  const output = readFileSync(`${stem}.out`, "utf8").slice(-OUTPUT_CHARS_MAX);
  const counts = events.find((event) => event.type === "counts")?.counts;
  const passed = counts?.passed ?? events.filter((event) => event.type === "pass").length;
  const skipped = (counts?.skipped ?? 0) + (counts?.todo ?? 0);
  const failures: TestFailure[] = events.filter((event) => event.type === "fail");
  const whole = problemOf(ending, passed + skipped + failures.length, failures.length > 0);
  if (whole !== null) failures.push({ name: "the file as a whole", line: 1, report: whole });
  return { file, passed, skipped, failures, output };
}

function problemOf(ending: string, tests: number, failed: boolean): string | null {
  if (ending !== "exit 0" && !(ending === "exit 1" && failed)) return `It ended by: ${ending}.`;
  return tests === 0 ? "It holds no test." : null;
}

async function runProcess(file: string, stem: string, msMax: number): Promise<string> {
  const fd = openSync(`${stem}.out`, "w");
  const reporter = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${stem}.events`];
  const child = spawn(process.execPath, ["--conditions=portico-source", ...reporter, file], {
    detached: true,
    stdio: ["ignore", fd, fd],
  });
  closeSync(fd);
  const group = child.pid;
  if (group === undefined) return "not started";
  running.add(group);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    killGroup(group);
  }, msMax);
  const [code, signal] = await once(child, "exit");
  clearTimeout(deadline);
  killGroup(group);
  running.delete(group);
  if (late) return `its deadline of ${msMax / 1000} s: something it started still runs`;
  return signal === null ? `exit ${code}` : `signal ${signal}`;
}

function killGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    // Nothing of the group is left: as it should be.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function eventsIn(file: string): TestEvent[] {
  if (!existsSync(file)) return [];
  // The last line of a process that was killed may be cut: it is left out.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TestEvent);
}
