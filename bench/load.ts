// One round of load: wrk with one thread, and what it counted. Anything that went wrong in the
// round throws, so that no figure is of errors.
import { spawn } from "node:child_process";
import path from "node:path";
import { LOAD_CPU, pinned } from "./processors.ts";

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers: readonly string[];
  /** A script of `bench/wrk`, which chooses what is asked. */
  readonly script: "report.lua" | "walk.lua";
  /** What every answer has. */
  readonly status: number;
  /** Bytes of one answer, head included. */
  readonly wireBytes: number;
}

export interface Count {
  readonly requests: number;
  readonly bytes: number;
  /** Microseconds that 99 of 100 answers took at most. */
  readonly p99: number;
  readonly max: number;
  readonly refused: number;
  /** Connections that broke, and answers that took too long. */
  readonly broken: number;
  /** Answers of 400 and above. */
  readonly statusErrors: number;
}

const SCRIPTS = path.join(import.meta.dirname, "wrk");

/** Loads a server for `seconds`. `cpus` is where wrk runs. */
export async function load(load: Load, cpus: string = LOAD_CPU): Promise<Count> {
  const { connections, headers, port, seconds, script } = load;
  const fields = headers.flatMap((header) => ["-H", header]);
  const count = ["-t", "1", "-c", String(connections), "-d", `${seconds}s`, "--timeout", "30s"];
  const url = `http://127.0.0.1:${port}${load.path}`;
  const args = pinned(cpus, ["wrk", ...count, "-s", script, ...fields, url]);
  const output = await outputOf(args);
  const counted = countIn(output);
  const complaint = complaintAbout(counted, load);
  if (complaint !== null) throw new Error(`${url}: ${complaint}\n${output}`);
  return counted;
}

/** The line that `report.lua` writes. */
export function countIn(output: string): Count {
  const line = /^@(\{.*\})$/mu.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk reported nothing:\n${output}`);
  return JSON.parse(line) as Count;
}

/** Why the round measured something else than it was to; null when it did not. */
export function complaintAbout(
  counted: Count,
  { status, wireBytes, connections }: Pick<Load, "status" | "wireBytes" | "connections">,
): string | null {
  const { requests, bytes, refused, broken, statusErrors } = counted;
  if (requests === 0) return "no answer at all";
  if (refused + broken > 0) return `${refused} connections refused, ${broken} broken`;
  const expected = status >= 400 ? requests : 0;
  if (statusErrors !== expected) return `${statusErrors} of ${requests} answers were errors`;
  // An answer differs a little from the one that was verified: Date, Connection. What was under
  // way at the end was read in part.
  const tolerance = requests * (0.2 * wireBytes + 80) + connections * wireBytes;
  if (Math.abs(bytes - requests * wireBytes) <= tolerance) return null;
  return `${Math.round(bytes / requests)} bytes an answer, and one has ${wireBytes}`;
}

function outputOf([program, ...args]: string[]): Promise<string> {
  const child = spawn(program!, args, { cwd: SCRIPTS, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`wrk ended with ${code}:\n${output}`));
    });
  });
}
