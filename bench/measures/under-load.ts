// CPU time of one answer, or of one megabyte, while wrk asks for as many as it gets.
import type { Answer } from "../ask.ts";
import { ask } from "../ask.ts";
import { cpuTimeBetween, cpuTimes } from "../cpu-time.ts";
import { load, type Load } from "../load.ts";
import type { RunningServer } from "../running-server.ts";
import type { Row } from "./row.ts";

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 1;
const MB = 1024 * 1024;

export interface Request {
  readonly path: string;
  readonly headers?: (port: number) => Promise<Readonly<Record<string, string>>>;
  readonly status: number;
  /** What is wrong with the body of an answer; null when nothing is. */
  readonly complaint: (answer: Answer, material: string) => string | null;
}

export interface UnderLoad {
  readonly name: string;
  readonly title: string;
  readonly request: Request;
  readonly connections?: number;
  readonly script?: Load["script"];
  /** What is counted: answers, or megabytes where one answer takes long. */
  readonly per?: "answer" | "MB";
}

/** A row of CPU time. */
export function underLoad(row: UnderLoad): Row {
  const per = row.per ?? "answer";
  return {
    name: row.name,
    title: row.title,
    unit: per === "MB" ? "µs/MB" : "µs",
    ready: async (contestant, arena) => {
      const server = await arena.kept(contestant);
      const round = await verifiedLoad(server, arena.material, row);
      await load({ ...round, seconds: WARM_UP_SECONDS });
      return () => cpuMicroseconds(server, { ...round, seconds: arena.seconds }, per);
    },
  };
}

/** CPU microseconds of `server` an answer, or a megabyte, in one round of `round`. */
export async function cpuMicroseconds(
  server: RunningServer,
  round: Load,
  per: "answer" | "MB",
  cpus?: string,
): Promise<number> {
  const before = cpuTimes(server.pid);
  const { bytes, requests } = await load(round, cpus);
  const { threadsEnd = false } = server.contestant;
  const microseconds = cpuTimeBetween(before, cpuTimes(server.pid), threadsEnd) / 1000;
  return microseconds / (per === "MB" ? bytes / MB : requests);
}

/** The load that `row` is, once the server has shown to answer it rightly. */
export async function verifiedLoad(
  server: RunningServer,
  material: string,
  { request, connections = CONNECTIONS, script = "report.lua" }: UnderLoad,
): Promise<Load> {
  const { complaint, path, status } = request;
  const { contestant, port } = server;
  const headers = (await request.headers?.(port)) ?? {};
  const answer = await ask(port, path, headers);
  const wrong = answer.status === status ? complaint(answer, material) : `is a ${answer.status}`;
  if (wrong !== null) throw new Error(`${contestant.name}: the answer to ${path} ${wrong}`);
  return {
    port,
    path,
    connections,
    seconds: 0,
    headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    script,
    status,
    wireBytes: answer.wireBytes,
  };
}
