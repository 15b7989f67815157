// Redis, started by a test and ended with it. It listens on a unix socket in a folder of the
// test's; what stands before it at a port passes bytes on, or, where the test says so, nothing.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { findProgram } from "../runtime/index.ts";
import { withTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

/** For `skip` of a test; false where there is a Redis. */
export const noRedis = findProgram("redis-server") === null && "no redis-server here";

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class RedisServer {
  readonly #folder: string;
  readonly #door: Server;
  readonly #sockets = new Set<Socket>();
  #child: ChildProcess | null = null;
  #isDeaf = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#door = createServer((socket) => this.#pass(socket));
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#door.address() as AddressInfo).port}`;
  }

  /** What it has is kept in the folder: started again it goes on with that. */
  async start(): Promise<void> {
    const path = this.#socketPath;
    const options = ["--port", "0", "--unixsocket", path, "--dir", this.#folder];
    const kept = ["--appendonly", "yes", "--appendfsync", "no", "--save", ""];
    const child = spawn("redis-server", [...options, ...kept], { stdio: "ignore" });
    this.#child = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
    await until(() => existsSync(path));
    await until(async () => (await this.#answers()) === "+PONG");
    if (!this.#door.listening) await once(this.#door.listen(0, "127.0.0.1"), "listening");
  }

  /** Its connections end, too. */
  async stop(): Promise<void> {
    const child = this.#child!;
    child.kill("SIGTERM");
    await once(child, "exit");
    this.#cut();
  }

  /** Deaf, it takes connections and what is sent, and answers nothing: never, on those. */
  set isDeaf(isDeaf: boolean) {
    this.#isDeaf = isDeaf;
  }

  async close(): Promise<void> {
    this.#door.close();
    if (this.#child?.exitCode === null) await this.stop();
    this.#cut();
  }

  get #socketPath(): string {
    return join(this.#folder, "redis.sock");
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #pass(socket: Socket): void {
    let isSilent = false;
    const redis = connect(this.#socketPath);
    for (const [one, other] of [
      [socket, redis],
      [redis, socket],
    ] as const) {
      this.#sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.on("data", (bytes) => {
        isSilent ||= this.#isDeaf;
        if (!isSilent) other.write(bytes);
      });
    }
  }

  /** The first line that it says to a PING. */
  async #answers(): Promise<string> {
    const socket = connect(this.#socketPath).on("error", () => undefined);
    socket.end("PING\r\n");
    let text = "";
    socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    await new Promise((resolve) => socket.once("close", resolve)); // `once` would reject
    return text.trimEnd();
  }
}

/** Runs `use` with one that is empty. */
export async function withRedis(use: (redis: RedisServer) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const redis = new RedisServer(folder);
    try {
      await redis.start();
      await use(redis);
    } finally {
      await redis.close();
    }
  });
}
