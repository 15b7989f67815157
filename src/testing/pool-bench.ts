// Pools of processes in a folder of a test's, and a program that they run.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { poolSocket, ProcessPools, type PoolSpec } from "../runtime/index.ts";
import { RawConnection } from "./raw-connection.ts";
import { LogNotes } from "./store-bench.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";

/** Answers each connection with its process id; what it is sent may be an order. */
const ANSWERING = `
  const { createServer } = require("node:net");
  createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (order) => {
      if (String(order) === "die") process.exit(3);
      if (String(order) === "crash") process.kill(process.pid, "SIGKILL");
      if (String(order) === "hang") for (;;);
      if (String(order) === "stay") process.on("SIGTERM", () => {});
      if (String(order) === "env") socket.end(JSON.stringify(process.env));
      else socket.end(String(process.pid));
    });
  }).listen({ fd: 0 });
  process.stderr.write("listening\\nhalf a line");
`;

export interface PoolBench {
  readonly folder: string;
  readonly log: LogNotes;
  readonly pools: ProcessPools;
  spec(given?: Partial<PoolSpec>): PoolSpec;
  /** What process `index` answers to `order`; "" where it ends without a word. */
  ask(spec: PoolSpec, order?: string, index?: number): Promise<string>;
}

/** Ends them all behind `body`. */
export async function withPools(body: (bench: PoolBench) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (home) => {
    const folder = join(home, "run");
    const log = new LogNotes();
    const pools = new ProcessPools(folder, log);
    const program = join(home, "program.cjs");
    writeFileSync(program, ANSWERING);
    const bench: PoolBench = {
      folder,
      log,
      pools,
      spec: (given = {}) => ({
        place: "0 /*",
        name: "answering",
        command: [process.execPath, program],
        workers: 2,
        cwd: home,
        env: {},
        ...given,
      }),
      async ask(spec, order = "pid", index = 0) {
        const connection = await RawConnection.open(poolSocket(folder, spec, index));
        void connection.send(order);
        const answer = await connection.untilEnd().catch(() => "");
        connection.close();
        return answer;
      },
    };
    try {
      await body(bench);
    } finally {
      await pools.stop(0);
    }
  });
}
