// A server as the command line and the library see it: started, asked how it does, told its config
// anew, stopped. What it serves with is the supervisor's; what lies on disk for it is claimed here,
// and who owns that may talk to the server through a socket in it.
import { realpathSync } from "node:fs";
import {
  ClaimRefused,
  claimDataFolder,
  openControl,
  SessionsUnavailable,
  type ControlAnswer,
  type ControlRequest,
  type ControlSocket,
  type DataFolder,
  type EndSessionsRequest,
  type Refusal,
  type ReloadAnswer,
  type ServerStatus,
  type SessionsRequest,
} from "../runtime/index.ts";
import { dataPlace } from "./data-place.ts";
import type { LibrarySide } from "./library-side.ts";
import { ReloadHistory } from "./reload-history.ts";
import type { ConfigSource, Overrides } from "./served-config.ts";
import { statusOf } from "./status.ts";
import { StartError } from "./start-error.ts";
import { Supervisor } from "./supervisor.ts";
import { Traffic } from "./traffic.ts";

export { StartError };

/** Who asked for a reload. */
export type ReloadedBy = "signal" | "control" | "program" | "watch";

export interface RunningServer {
  /** Where it listens, as the start lines say it: `http://127.0.0.1:8080`, `unix:/path`. */
  readonly urls: readonly string[];
  /** Reads the config again and serves what it says now; where it does not hold, what it said. */
  reload(by: ReloadedBy): Promise<ReloadAnswer | Refusal>;
  /** The files of the operator's code that is served, and of what could not be. */
  codeFiles(): readonly string[];
  status(): Promise<ServerStatus>;
  /** Takes no more connections, finishes what is under way (up to `timeouts.shutdown`), ends. */
  stop(): Promise<void>;
  /** Cuts everything. The logs are still written. */
  stopNow(): Promise<void>;
}

export interface StartOptions extends Overrides {
  /** The running server is asked to stop through its control socket. */
  readonly onStopAsked: () => void;
  /** It serves a program that it is part of: nobody talks to it by a control socket. */
  readonly library?: LibrarySide;
}

/** Starts to serve what `source` says. Rejects with a StartError. */
export async function startServer(
  source: ConfigSource,
  options: StartOptions,
): Promise<RunningServer> {
  const server = new Server(source, options);
  try {
    await server.start();
  } catch (error) {
    await server.stopNow();
    throw error;
  }
  return server;
}

class Server implements RunningServer {
  readonly #source: ConfigSource;
  readonly #options: StartOptions;
  readonly #supervisor: Supervisor;
  readonly #traffic: Traffic;
  readonly #history = new ReloadHistory();
  readonly #startedMs = Date.now();
  #data: DataFolder | null = null;
  #nextReload: Promise<ReloadAnswer | Refusal> | null = null;
  #lastReload: Promise<unknown> = Promise.resolve();
  #control: ControlSocket | null = null;

  constructor(source: ConfigSource, options: StartOptions) {
    this.#source = source;
    this.#options = options;
    const { library } = options;
    const side = library === undefined ? {} : { library };
    this.#supervisor = new Supervisor(source.loaded, options, side);
    this.#traffic = new Traffic(this.#supervisor.shared, this.#supervisor.workers);
  }

  get urls(): readonly string[] {
    return this.#supervisor.urls;
  }

  async start(): Promise<void> {
    await this.#claimData();
    await this.#supervisor.start();
    if (this.#data === null || this.#options.library !== undefined) return;
    const { log } = this.#supervisor;
    const answer = (request: ControlRequest): Promise<ControlAnswer> => this.#answer(request);
    const control = await openControl(this.#data.path, answer, { log });
    if (typeof control === "string") log.warn(`no control socket: ${control}`);
    else this.#control = control;
  }

  /** One at a time. Who asks while one waits is answered by it: it reads what is there by then. */
  reload(by: ReloadedBy): Promise<ReloadAnswer | Refusal> {
    if (this.#nextReload !== null) return this.#nextReload;
    const turn = this.#lastReload.then(() => {
      this.#nextReload = null;
      return this.#reloadNow(by);
    });
    this.#nextReload = turn;
    this.#lastReload = turn.catch(() => undefined);
    return turn;
  }

  async #reloadNow(by: ReloadedBy): Promise<ReloadAnswer | Refusal> {
    const before = new Set(this.urls);
    const outcome = await this.#reload();
    const { log } = this.#supervisor;
    const at = new Date().toISOString();
    if (!outcome.ok) {
      this.#history.add({ at, by, ok: false, changed: [], message: outcome.message });
      log.error(`the config was not reloaded, what it said goes on: ${outcome.message}`);
      for (const line of outcome.problems?.trimEnd().split("\n") ?? []) log.error(line);
      return outcome;
    }
    const { changed, restart } = outcome;
    this.#history.add({ at, by, ok: true, changed, message: "" });
    log.info(`reloaded: ${changed.length === 0 ? "nothing changed" : changed.join("; ")}`);
    for (const line of restart) log.warn(`not reloaded: ${line}`);
    for (const url of this.urls) if (!before.has(url)) log.info(`now listening on ${url}`);
    return outcome;
  }

  codeFiles(): readonly string[] {
    return this.#supervisor.code.files;
  }

  async status(): Promise<ServerStatus> {
    await this.#supervisor.count();
    return statusOf({
      supervisor: this.#supervisor,
      traffic: this.#traffic,
      startedMs: this.#startedMs,
      configFile: this.#source.file,
      data: this.#data?.path ?? "",
      reloads: this.#history.records,
    });
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
    await this.#release();
  }

  async stopNow(): Promise<void> {
    await this.#supervisor.stopNow();
    await this.#release();
  }

  async #release(): Promise<void> {
    this.#traffic.stop();
    await this.#control?.close();
    await this.#data?.release();
    this.#control?.letGo();
  }

  async #claimData(): Promise<void> {
    const { loaded, file } = this.#source;
    const place = dataPlace(loaded.value.data, file, process.env);
    if (place === null) {
      if (file !== null) this.#supervisor.log.warn("no control socket: neither `data` nor HOME");
      return;
    }
    const claimed = await claimDataFolder(place.path);
    if (!(claimed instanceof ClaimRefused)) {
      this.#data = claimed;
      this.#supervisor.hidden = realpathSync(claimed.path);
    }
    // Nobody asked for this place: where the system refuses it, only what needs one is missing.
    // That another server has it is another matter.
    else if (!place.isDefault || claimed.inUse) throw new StartError(claimed.message);
    else this.#supervisor.log.warn(`no control socket: ${claimed.message}`);
  }

  async #answer(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.command) {
      case "status":
        return { ok: true, status: await this.status() };
      case "reload":
        return request.dryRun === true ? this.#dryRun() : this.reload("control");
      case "stop":
        this.#options.onStopAsked();
        return { ok: true, pid: process.pid };
      case "sessions":
      case "endSessions":
        return this.#answerOfSessions(request);
    }
  }

  async #answerOfSessions(request: SessionsRequest | EndSessionsRequest): Promise<ControlAnswer> {
    const sessions = this.#supervisor.sessions!;
    try {
      if (request.command === "sessions")
        return { ok: true, ...(await sessions.list(request.user)) };
      const ended = await sessions.end(request.which);
      if (ended !== "several") return { ok: true, ended };
      return { ok: false, message: "several sessions begin so: none was ended" };
    } catch (error) {
      if (!(error instanceof SessionsUnavailable)) throw error;
      return { ok: false, message: `sessions can't be asked for: ${error.message}` };
    }
  }

  async #reload(): Promise<ReloadAnswer | Refusal> {
    const loaded = await this.#source.reread();
    if (loaded === null) {
      await this.#supervisor.reopenLogs();
      return { ok: true, changed: [], restart: [] };
    }
    if (typeof loaded === "string") return badConfig(loaded);
    try {
      return { ok: true, ...(await this.#supervisor.reload(loaded)) };
    } catch (error) {
      return { ok: false, message: (error as Error).message };
    }
  }

  async #dryRun(): Promise<ReloadAnswer | Refusal> {
    const loaded = await this.#source.reread();
    if (loaded === null) return { ok: true, dryRun: true, changed: [], restart: [] };
    if (typeof loaded === "string") return badConfig(loaded);
    return { ok: true, dryRun: true, ...this.#supervisor.changesTo(loaded) };
  }
}

function badConfig(problems: string): Refusal {
  return { ok: false, message: "the config is bad", problems };
}
