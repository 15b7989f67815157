// A running server: the config assembled, the engine under it, listeners in front. One process, one
// loop; what the loop's helpers (timer wheel, open files, logs) hold is given back by `stop`.
import { dirname } from "node:path";
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { formatAccess } from "../http/access-log/index.ts";
import { Engine, type EngineSettings, type FinishedExchange } from "../http/engine/index.ts";
import {
  Admission,
  Deadline,
  LogFile,
  TimerWheel,
  claimDataFolder,
  consoleLog,
  makeFolders,
  type DataFolder,
} from "../runtime/index.ts";
import { OpenFileCache } from "../storage/index.ts";
import {
  ListenError,
  type ListenAddress,
  type Listener,
  type StreamSocket,
} from "../transport/index.ts";
import { openListeners, urlOf } from "./addresses.ts";
import { assemble } from "./assemble.ts";
import type { Config } from "./config.ts";

/** Why a server did not start, in words that say what to do. */
export class StartError extends Error {}

export interface StartOptions {
  /** What `-l` says; null: the config's `[[listen]]`, else the first free default port. */
  readonly addresses: readonly ListenAddress[] | null;
  /** What `--access-log` says ("off", "stderr" or a path); null: as the config has it. */
  readonly accessLog: string | null;
}

export interface RunningServer {
  /** Where it listens, as the start lines say it: `http://127.0.0.1:8080`, `unix:/path`. */
  readonly urls: readonly string[];
  /** Takes no more connections, finishes what is under way (up to `timeouts.shutdown`), ends. */
  stop(): Promise<void>;
  /** Cuts everything. The logs are still written. */
  stopNow(): void;
}

/** Starts to serve `config`. Rejects with a StartError. */
export async function startServer(config: Config, options: StartOptions): Promise<RunningServer> {
  const server = new Server(config, options);
  try {
    await server.start();
  } catch (error) {
    server.stopNow();
    if (error instanceof ListenError) throw new StartError(error.message);
    throw error;
  }
  return server;
}

class Server implements RunningServer {
  readonly #config: Config;
  readonly #options: StartOptions;
  readonly #notices: LogFile;
  #access: LogFile | null = null;
  readonly #log: Log;
  readonly #wheel = new TimerWheel(systemClock);
  readonly #files = new OpenFileCache({ clock: systemClock });
  readonly #admission: Admission;
  #engine: Engine | null = null;
  #data: DataFolder | null = null;
  #listeners: Listener[] = [];
  #urls: string[] = [];

  constructor(config: Config, options: StartOptions) {
    this.#config = config;
    this.#options = options;
    this.#notices = new LogFile("stderr");
    this.#log = consoleLog(config.log.level, this.#notices);
    this.#admission = new Admission({ limits: config.limits });
  }

  get urls(): readonly string[] {
    return this.#urls;
  }

  async start(): Promise<void> {
    const { data, listen, log } = this.#config;
    if (data !== undefined) this.#data = await claim(data);
    this.#access = this.#openAccessLog(this.#options.accessLog ?? log.access);
    const configured = listen.length > 0 ? listen.map(({ address }) => address) : null;
    const addresses = this.#options.addresses ?? configured;
    this.#engine = this.#engineFor(addresses ?? []);
    this.#listeners = await openListeners(addresses, (socket) => this.#onSocket(socket));
    this.#urls = this.#listeners.map(urlOf);
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) listener.close();
    const engine = this.#engine;
    if (engine !== null) {
      // By the wheel: a timer of Node's takes what is beyond 24 days for a millisecond.
      const late = new Deadline(() => engine.destroy());
      this.#wheel.schedule(late, this.#config.timeouts.shutdown);
      await engine.drain();
      this.#wheel.cancel(late);
    }
    await this.#release();
  }

  stopNow(): void {
    for (const listener of this.#listeners) listener.close();
    this.#engine?.destroy();
    this.#access?.flushSync();
    this.#notices.flushSync();
    void this.#release();
  }

  async #release(): Promise<void> {
    this.#files.close();
    this.#wheel.stop();
    await this.#data?.release();
    await this.#access?.close();
    await this.#notices.close();
  }

  #engineFor(addresses: readonly ListenAddress[]): Engine {
    const { limits, timeouts, requestId } = this.#config;
    const parts = { log: this.#log, clock: systemClock, files: this.#files };
    const settings: EngineSettings = {
      limits,
      timeouts,
      requestId,
      ...assemble(this.#config, addresses, parts),
      onFinished: this.#access === null ? null : (finished) => this.#writeAccess(finished),
    };
    return new Engine({ clock: systemClock, wheel: this.#wheel, log: this.#log }, settings);
  }

  #openAccessLog(where: string): LogFile | null {
    if (where === "off") return null;
    // One writer a descriptor: two would write into each other's lines.
    if (where === "stderr") return this.#notices;
    try {
      makeFolders(dirname(where));
      return new LogFile(where, (message) => this.#log.warn(`access log: ${message}`));
    } catch (error) {
      throw new StartError(`the access log ${where} can't be opened: ${(error as Error).message}`);
    }
  }

  #writeAccess(finished: FinishedExchange): void {
    this.#access!.write(formatAccess(this.#config.log.format, finished));
  }

  #onSocket(socket: StreamSocket): void {
    const { remoteAddress } = socket;
    const countedAs = this.#admission.tryEnter(remoteAddress);
    if (countedAs === null) {
      this.#engine!.refuse(socket);
      return;
    }
    this.#engine!.accept(socket, false, () => this.#admission.leave(countedAs));
  }
}

async function claim(folder: string): Promise<DataFolder> {
  const claimed = await claimDataFolder(folder);
  if (typeof claimed === "string") throw new StartError(claimed);
  return claimed;
}
