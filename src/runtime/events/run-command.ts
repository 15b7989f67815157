// An event for a program: no shell, a clean environment, a process group of its own, which is ended
// when its time is up. What it writes to standard error is for the log.
import { spawn, type ChildProcess } from "node:child_process";
import { PROGRAM_PATH } from "../programs/index.ts";
import { DONE, type Outcome, type Try } from "./outcome.ts";

const KILL_AFTER_MS = 1000;
/** For what was written before the end; somebody else may hold the pipe for ever. */
const LAST_WORDS_MS = 200;
const COMPLAINT_CHARACTERS_MAX = 4096;

/** Runs `command` with the event on standard input. Never rejects. `tell` gets lines. */
export function runCommand(
  command: readonly string[],
  { event, timeoutMs, signal }: Try,
  tell: (line: string) => void,
): Promise<Outcome> {
  const [program, ...given] = command as [string, ...string[]];
  const { path } = JSON.parse(event) as { path: string };
  // By a function: `$&` in a name is no pattern.
  const args = given.map((argument) => argument.replaceAll("{path}", () => path));
  if (signal.aborted) return Promise.resolve({ kind: "again", why: "the server is stopping" });
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      // Not where files are stored: programs look for their own there.
      cwd: "/",
      env: { PATH: PROGRAM_PATH, LANG: "C.UTF-8" },
      stdio: ["pipe", "ignore", "pipe"],
      detached: true,
    });
  } catch (error) {
    return Promise.resolve({ kind: "again", why: (error as Error).message });
  }
  return outcomeOf(child, { event, timeoutMs, signal }, tell);
}

async function outcomeOf(
  child: ChildProcess,
  { event, timeoutMs, signal }: Try,
  tell: (line: string) => void,
): Promise<Outcome> {
  let why: string | null = null;
  const timers: NodeJS.Timeout[] = [];
  const end = (reason: string): void => {
    why ??= reason;
    endGroup(child, "SIGTERM");
    timers.push(setTimeout(() => endGroup(child, "SIGKILL"), KILL_AFTER_MS));
  };
  const onAbort = (): void => end("the server is stopping");
  timers.push(setTimeout(() => end(`it took more than ${timeoutMs / 1000} s`), timeoutMs));
  signal.addEventListener("abort", onAbort);
  const ending = endOf(child, timers);
  const complaint = keepText(child);
  child.stdin?.on("error", () => {}); // it need not read
  child.stdin?.end(`${event}\n`); // a line, for who appends it to a file
  const ended = await ending;
  for (const timer of timers) clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
  if (why !== null) endGroup(child, "SIGKILL"); // what it started may not have heard
  child.stderr?.destroy();
  for (const line of complaint().split("\n")) if (line.trim() !== "") tell(line);
  why ??= ended;
  return why === null ? DONE : { kind: "again", why };
}

/** How it ended, in words; null where it did well. Without descriptors it has no pipes. */
function endOf(child: ChildProcess, timers: NodeJS.Timeout[]): Promise<string | null> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (status, by) => {
      const how = status === 0 ? null : by === null ? `it ended with ${status}` : `${by} ended it`;
      child.on("close", () => resolve(how));
      timers.push(setTimeout(() => resolve(how), LAST_WORDS_MS));
    });
  });
}

/** The beginning of what it writes to standard error; the rest is read and dropped. */
function keepText(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece.slice(0, COMPLAINT_CHARACTERS_MAX - text.length);
  });
  return () => text;
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return; // it never began
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error; // ended, or another user's by now
  }
}
