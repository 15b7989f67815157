// The main thread's part of a running server: it writes the logs, starts and watches the workers,
// opens addresses and brings a new config to all of them or to none. It answers no request itself.
import { LogFile, type ConsoleLog, type PooledWorker } from "../runtime/index.ts";
import { ConnectionBound } from "./connection-bound.ts";
import { openFilesMaxOf } from "./descriptors.ts";
import { closeOpened, Doorways } from "./doorways.ts";
import { cutWorkers, drainWorkers, tellDeath } from "./end-workers.ts";
import type { LibrarySide, SupervisorSide } from "./library-side.ts";
import type { Note, Order, Served } from "./orders.ts";
import { Relief } from "./relief.ts";
import { ServedCode } from "./served-code.ts";
import { ServedPools } from "./served-pools.ts";
import { ServerLogs } from "./server-logs.ts";
import { servingPool, type ServingPool } from "./serving-pool.ts";
import { changesBetween, effective, workerCount } from "./served-config.ts";
import type { Changes, ConfigSource, Overrides } from "./served-config.ts";
import { prepareRoutes } from "./prepare-routes.ts";
import type { Registry } from "./registry.ts";
import { slotBounds } from "./routes.ts";
import { sessionSettings } from "./session-table.ts";
import { Switchboard } from "./switchboard.ts";
import { Turns } from "./turns.ts";
import { forgetWorker, LeftPrograms, sharedState, type SharedState } from "./shared-state.ts";
import { StartError } from "./start-error.ts";
import { noticesLog } from "./telling-log.ts";

export class Supervisor {
  readonly shared: SharedState;
  readonly workers: number;
  /** A folder of which nothing is served; to be set before the start. */
  hidden: string | undefined;
  readonly #overrides: Overrides;
  readonly #logs: ServerLogs;
  readonly #library: LibrarySide | null;
  readonly log: ConsoleLog;
  readonly #doorways = new Doorways();
  readonly #switchboard: Switchboard;
  readonly #pool: ServingPool;
  readonly #pools: ServedPools;
  readonly #started: ConfigSource["loaded"];
  #loaded: ConfigSource["loaded"];
  #served: Served;
  readonly code = new ServedCode();
  readonly #bound: ConnectionBound;
  readonly #relief: Relief;
  #isEnding = false;
  readonly #turns = new Turns();
  readonly #left: LeftPrograms;

  constructor(loaded: ConfigSource["loaded"], overrides: Overrides, side: SupervisorSide = {}) {
    const library = side.library ?? null;
    this.#library = library;
    this.#started = loaded;
    this.#loaded = loaded;
    this.#overrides = overrides;
    const { log, timeouts } = effective(loaded.value, overrides);
    this.#logs = new ServerLogs(library?.notices ?? new LogFile("stderr"));
    this.log = noticesLog(log.level, this.#logs.notices, library?.onTold ?? null);
    this.#logs.log = this.log;
    this.#pools = new ServedPools(this.log);
    this.workers = workerCount(loaded.value, overrides);
    this.shared = sharedState(this.workers);
    this.#left = new LeftPrograms(this.shared);
    this.#bound = new ConnectionBound(this.workers, this.log);
    this.#switchboard = new Switchboard(this.log, (id, order) => this.#pool.tell(id, order));
    this.#served = this.#servedBy(loaded);
    this.#pool = servingPool(side, {
      count: this.workers,
      stuckMs: timeouts.stuck,
      memoryBytesMax: () => this.#served.config.limits.workerMemory,
      init: () => ({
        served: this.#servedNow,
        shared: this.shared,
        openFilesMax: openFilesMaxOf(this.workers),
        hidden: this.hidden,
        runFolder: this.#pools.folder,
        tellsErrors: library !== null,
      }),
      prepare: (worker, before) => this.#turns.take(() => this.#prepare(worker, before)),
      onSpawn: (threadId) => this.#switchboard.workerCame(threadId),
      onNote: (threadId, note) => this.#onNote(threadId, note as Note),
      onEnd: (threadId, seat) => this.#onEnd(threadId, seat),
      onDeath: tellDeath(this.log),
    });
    this.#relief = new Relief(this.#pool, this.code, this.log);
  }

  get urls(): readonly string[] {
    return this.#doorways.urls;
  }

  get sessions(): Switchboard["sessions"] {
    return this.#switchboard.sessions;
  }

  get working(): readonly PooledWorker[] {
    return this.#pool.workers;
  }

  /** Resolves when every worker accepts on every address. Rejects with a StartError. */
  async start(): Promise<void> {
    const [{ config }, { registry }] = [this.#served, this.#loaded];
    try {
      await this.#logs.use(config.log.access, this.#logs.open(config.log.access));
      await this.#switchboard.start(this.hidden, sessionSettings(config.session));
      await prepareRoutes(config, registry, this.shared.locks, this.log, this.hidden);
      await this.#pools.start(config, registry, this.hidden);
      await this.#pool.start();
      const { workers } = this.#pool;
      await this.code.learn(workers);
      if (this.#library?.listens === false) return;
      await this.#doorways.adopt(await this.#doorways.openNew(config.listen, workers), workers);
      this.#bound.find(config.limits.connections);
      await this.#pool.all(this.#bound.order);
    } catch (error) {
      throw new StartError(this.code.inWords(error).message, { cause: error });
    }
  }

  /** Has all workers serve `loaded`, or none: then it throws with why. Opens the logs anew, too. */
  reload(loaded: ConfigSource["loaded"]): Promise<Changes> {
    return this.#turns.take(async () => {
      const code = await this.#adopt(this.#servedBy(loaded), loaded.registry);
      const changes = this.changesTo(loaded, code);
      this.#loaded = loaded;
      await this.reopenLogs();
      this.#relief.begin(loaded.value.timeouts.shutdown);
      return changes;
    });
  }

  /** What a reload would change. */
  changesTo(loaded: ConfigSource["loaded"], code = this.code.changes()): Changes {
    const changes = changesBetween(this.#loaded, loaded, this.#overrides, this.#started);
    return { ...changes, changed: [...changes.changed, ...code] };
  }

  /** For after log files were renamed. */
  reopenLogs(): Promise<void> {
    return this.#logs.reopen();
  }

  /** Has all workers write what they counted to shared memory. */
  count(): Promise<unknown> {
    return this.#pool.everyone({ kind: "count" } satisfies Order);
  }

  /** Lets requests under way end, up to `timeouts.shutdown`, and ends. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#pool.stopReplacing();
    const { shutdown } = this.#served.config.timeouts;
    const startedMs = performance.now();
    await this.#turns.take(async () => {
      const drained = drainWorkers(this.#pool, shutdown);
      this.#doorways.letGo();
      await drained;
    });
    await this.#release(Math.max(0, shutdown - (performance.now() - startedMs)));
  }

  /** Cuts everything. The logs are still written. */
  async stopNow(): Promise<void> {
    this.#isEnding = true;
    this.#left.hurry();
    this.#pool.stopReplacing();
    await cutWorkers(this.#pool);
    this.#logs.flushSync();
    await this.#release(0);
  }

  async #release(eventsMs: number): Promise<void> {
    await this.#pool.terminate(); // first: a worker that is stuck would not answer
    await Promise.all([this.#left.end(), this.#pools.stop(), this.#switchboard.stop(eventsMs)]);
    await this.#doorways.close(this.#pool.workers);
    await this.#logs.close();
  }

  /** With the code as it was loaded, for who comes later. */
  get #servedNow(): Served {
    return { ...this.#served, sources: this.code.sources };
  }

  #servedBy(loaded: ConfigSource["loaded"]): Served {
    const config = effective(loaded.value, this.#overrides, this.#started.value);
    const addresses = config.listen.map(({ address }) => address);
    const { registry, modules } = loaded;
    const slots = this.#switchboard.slots.prepare(slotBounds(config, registry));
    const tellsRequests = this.#library?.tellsRequests() ?? false;
    const own = this.#library?.isLocal === true ? registry : null;
    const sources = new Map();
    return { config, addresses, slots, modules, registry: own, tellsRequests, sources };
  }

  /** Resolves to what of the code has changed. */
  async #adopt(served: Served, registry: Registry): Promise<string[]> {
    const { listen, log, timeouts, limits } = served.config;
    const { workers } = this.#pool;
    await prepareRoutes(served.config, registry, this.shared.locks, this.log, this.hidden);
    const opened = await this.#doorways.openNew(listen, workers);
    let access: LogFile | null;
    try {
      await this.#pools.prepare(served.config, registry);
      await this.code.prepare(workers, served);
      access = this.#logs.open(log.access);
    } catch (error) {
      await closeOpened(opened, workers);
      await this.#pool.all({ kind: "discard" } satisfies Order);
      await this.#pools.discard();
      this.code.discard();
      throw error;
    }
    // From here on nothing can fail.
    this.#switchboard.adopt(sessionSettings(served.config.session));
    await this.#pool.all({ kind: "adopt" } satisfies Order);
    this.#pools.adopt();
    const before = this.#served.config;
    this.#served = served;
    const changed = this.code.adopt();
    this.log.level = log.level;
    this.#pool.stuckMs = timeouts.stuck;
    await this.#doorways.adopt(opened, workers);
    await this.#logs.use(log.access, access);
    const { connections } = limits;
    if (connections !== before.limits.connections) this.#bound.compare(connections);
    return changed;
  }

  /** Brings a worker that replaces another, or relieves `before`, to where the others are. */
  async #prepare(worker: PooledWorker, before: PooledWorker | null): Promise<void> {
    await this.code.bring(worker, this.#servedNow);
    await worker.ask({ kind: "adopt" } satisfies Order);
    await worker.ask(this.#bound.order);
    await this.#doorways.admit(worker, before);
  }

  #onNote(threadId: number, note: Note): void {
    if (note.kind === "lines") this.#logs.take(note);
    else if (note.kind === "pool") this.#pools.receive(note.message);
    else if (note.kind === "loading") this.code.receive(threadId, note);
    else if (note.kind === "error" || note.kind === "request") this.#library?.onTold(note);
    else this.#switchboard.receive(threadId, note);
  }

  #onEnd(threadId: number, seat: number): void {
    this.#switchboard.workerGone(threadId);
    this.code.gone(threadId);
    if (!this.#isEnding) forgetWorker(this.shared, seat); // at the end programs are asked first
  }
}
