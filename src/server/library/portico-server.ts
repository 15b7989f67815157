// A server in somebody's program: started, asked, told its config anew, stopped. It leaves signals,
// standard output and the process alone.
import { EventEmitter } from "node:events";
import type { ServerStatus } from "../../runtime/index.ts";
import type { LibrarySide } from "../library-side.ts";
import type { LoadedConfig } from "../loaded-config.ts";
import type { Told } from "../orders.ts";
import { startServer, type RunningServer } from "../start.ts";
import { expectGood, isLocal, load } from "./config-source.ts";
import { finishedRequest, serverFault, type ServerEvents } from "./events.ts";
import type { ServerConfig } from "./typed-config.ts";

/** What a reload did, a line each. */
export interface Reloaded {
  readonly changed: readonly string[];
  /** What stays as it is until the server is started again. */
  readonly restart: readonly string[];
}

/** How a server is run otherwise than for itself: `portico/testing` asks it without a socket. */
export type ServingWays = Partial<Pick<LibrarySide, "listens" | "onLocal">>;

/** A server that `createServer` made. It may be started again once it has stopped. */
export class PorticoServer extends EventEmitter<ServerEvents> implements AsyncDisposable {
  #config: ServerConfig;
  readonly #ways: ServingWays;
  #running: RunningServer | null = null;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;

  /** Throws a ConfigError where `config` does not hold. */
  constructor(config: ServerConfig, ways: ServingWays = {}) {
    super();
    expectGood(config);
    this.#config = config;
    this.#ways = ways;
    this.on("newListener", (name) => this.#onListener(name));
  }

  /**
   * Accepts connections once this resolves; where it does already, nothing is done. Rejects with a
   * StartError (a port is taken), or a ConfigError, and leaves nothing behind then.
   */
  async start(): Promise<this> {
    const starting = (this.#starting ??= this.#start());
    try {
      await starting;
    } catch (error) {
      if (this.#starting === starting) this.#starting = null;
      throw error;
    }
    return this;
  }

  /** Where it listens: `http://127.0.0.1:8080`, `unix:/path`; none while it does not run. */
  get urls(): readonly string[] {
    return this.#running?.urls ?? [];
  }

  /** The first of them. Throws while it does not run. */
  get url(): string {
    const [url] = this.urls;
    if (url === undefined) throw new Error("the server does not listen: await its start()");
    return url;
  }

  /**
   * Serves `config` from now on, or the same read anew; requests under way end by the rules they
   * came under. Rejects where it does not hold: then all stays as it was.
   */
  async reload(config: ServerConfig = this.#config): Promise<Reloaded> {
    const running = this.#expectRunning();
    const before = this.#config;
    if (isLocal(config) !== isLocal(before)) {
      throw new Error("`workers` says in which threads it serves: stop it, and make another");
    }
    await load(config); // so that what is wrong comes as it does from the start
    this.#config = config;
    const outcome = await running.reload("program");
    if (!outcome.ok) {
      this.#config = before;
      throw new Error(outcome.message);
    }
    const { changed, restart } = outcome;
    return { changed, restart };
  }

  /** How it does: connections, requests, memory, reloads. */
  status(): Promise<ServerStatus> {
    return this.#expectRunning().status();
  }

  /** Takes no more connections, finishes requests under way (up to `timeouts.shutdown`), ends. */
  async stop(): Promise<void> {
    if (this.#stopping === null || this.#starting !== null) this.#stopping = this.#stop();
    await this.#stopping;
  }

  /** `await using` stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #start(): Promise<void> {
    await this.#stopping;
    const loaded = await load(this.#config);
    const side: LibrarySide = {
      listens: true,
      ...this.#ways,
      isLocal: isLocal(this.#config),
      notices: this.#notices(),
      tellsRequests: () => this.listenerCount("request") > 0,
      onTold: (told) => this.#onTold(told),
    };
    const reread = (): Promise<LoadedConfig> => load(this.#config);
    const source = { file: null, loaded, reread };
    this.#running = await startServer(source, { ...NOTHING_OVER, library: side });
    this.emit("listening", this.urls);
  }

  async #stop(): Promise<void> {
    const starting = this.#starting;
    this.#starting = null; // who starts it from now on starts it anew, behind this
    await starting?.catch(() => undefined); // whoever started it is told
    const running = this.#running;
    this.#running = null;
    await running?.stop();
    if (running !== null) this.emit("stopped");
  }

  #expectRunning(): RunningServer {
    if (this.#running === null) throw new Error("the server does not run: await its start()");
    return this.#running;
  }

  #notices(): LibrarySide["notices"] {
    const write = (line: string): void => void this.emit("notice", line);
    return {
      write,
      writeLines: (text) => {
        for (const line of text.split("\n").slice(0, -1)) write(line);
      },
      flushSync: () => undefined,
      close: async () => undefined,
    };
  }

  #onTold(told: Told): void {
    if (told.kind === "error") {
      // An emitter throws what nobody listens to.
      if (this.listenerCount("error") > 0) this.emit("error", serverFault(told));
      return;
    }
    const request = finishedRequest(told);
    if (request !== null) this.emit("request", request);
  }

  /** Requests are told by workers that were asked to: once somebody listens. */
  #onListener(name: string | symbol): void {
    if (name !== "request" || this.#running === null || this.listenerCount("request") > 0) return;
    const running = this.#running;
    queueMicrotask(() => void running.reload("program"));
  }
}

const NOTHING_OVER = {
  addresses: null,
  accessLog: null,
  workers: null,
  onStopAsked: () => undefined,
};
