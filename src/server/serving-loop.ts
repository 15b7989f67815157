// One worker: an engine with its listeners and open files, on one loop. A reload tells it what to
// serve: requests under way end by the rules they came under.
import { tmpdir } from "node:os";
import { systemClock } from "../base/clock.ts";
import { Engine, type EngineSettings } from "../http/engine/index.ts";
import type { RoomContext } from "../http/room.ts";
import type { Log } from "../base/log.ts";
import {
  type Admission,
  LateWork,
  Programs,
  SharedLocks,
  TimerWheel,
  type ConsoleLog,
  type ModuleExports,
  type PoolNote,
  type Slots,
  type WorkerSide,
} from "../runtime/index.ts";
import { OpenFileCache, Spools, Stores } from "../storage/index.ts";
import type { StreamSocket } from "../transport/index.ts";
import { assemble } from "./assemble.ts";
import { admissionOf } from "./admission-of.ts";
import { drainWorker } from "./drain-worker.ts";
import { toldOfFinished } from "./finished-requests.ts";
import { LineRelay } from "./line-relay.ts";
import { MainThread } from "./main-thread.ts";
import type { LoadedCode, Note, Order, Served, ServingInit } from "./orders.ts";
import type { Registry } from "./registry.ts";
import { CounterRow } from "./shared-state.ts";
import { sharedSlots } from "./shared-slots.ts";
import { noticesLog } from "./telling-log.ts";
import { WorkerListeners } from "./worker-listeners.ts";
import { WorkerModules } from "./worker-modules.ts";

const COUNT_MS = 1000;
const CLOSE_UNASKED_MS = 20_000;
const NOBODY = { isServed: () => false, dismiss: () => {} };

export class ServingLoop implements WorkerSide<Order> {
  readonly #notices: LineRelay;
  readonly #access: LineRelay;
  readonly #log: ConsoleLog;
  readonly #wheel = new TimerWheel(systemClock);
  readonly #files: OpenFileCache;
  readonly #admission: Admission;
  readonly #engine: Engine;
  readonly #main: MainThread;
  readonly #stores: Stores;
  readonly #spools: Spools;
  readonly #programs: Programs;
  readonly #secret: Uint8Array;
  readonly #pools: Pick<RoomContext, "runFolder" | "onPoolHangs">;
  readonly #row: CounterRow;
  readonly #lateWork = new LateWork();
  readonly #listeners = new WorkerListeners((socket) => this.#onSocket(socket));
  readonly #timers: NodeJS.Timeout[];
  readonly #note: (note: Note) => void;
  readonly #modules: WorkerModules;
  #next: { readonly served: Served; readonly settings: EngineSettings } | null = null;

  /** `seat`: see `WorkerPool`. Rejects with why the operator's code does not load. */
  static async begin(
    init: ServingInit,
    seat: number,
    note: (note: Note) => void,
  ): Promise<ServingLoop> {
    const modules = new WorkerModules(note);
    const registry = await modules.prepare(init.served);
    return new ServingLoop(init, seat, note, { modules, registry });
  }

  private constructor(
    init: ServingInit,
    seat: number,
    note: (note: Note) => void,
    { modules, registry }: { readonly modules: WorkerModules; readonly registry: Registry },
  ) {
    const { config } = init.served;
    this.#modules = modules;
    this.#notices = new LineRelay("notices", note);
    this.#access = new LineRelay("access", note);
    this.#note = note;
    this.#log = noticesLog(config.log.level, this.#notices, init.tellsErrors ? note : null);
    this.#main = new MainThread({ log: this.#log, note, config, folder: init.hidden });
    const { generation, secret, locks, programs } = init.shared;
    this.#programs = new Programs(programs, seat);
    this.#secret = secret;
    const onPoolHangs = (message: PoolNote): void => note({ kind: "pool", message });
    this.#pools = { runFolder: init.runFolder, onPoolHangs };
    this.#files = new OpenFileCache({
      clock: systemClock,
      openFilesMax: init.openFilesMax,
      hidden: init.hidden,
      generation,
    });
    this.#stores = new Stores({
      locks: new SharedLocks(locks, seat),
      account: this.#main.account,
      clock: systemClock,
      log: this.#log,
      onWritten: () => this.#files.invalidate(),
    });
    this.#spools = new Spools({ folder: tmpdir(), log: this.#log });
    this.#admission = admissionOf(init, seat, this.#log);
    const parts = { clock: systemClock, wheel: this.#wheel, log: this.#log };
    this.#engine = new Engine(parts, this.#settingsFor(init.served, registry));
    modules.commit(NOBODY, 0, this.#log);
    this.#row = new CounterRow(init.shared, seat);
    this.#timers = [
      setInterval(() => this.#count(), COUNT_MS).unref(),
      setInterval(() => this.#files.closeUnasked(), CLOSE_UNASKED_MS).unref(),
    ];
  }

  get log(): Log {
    return this.#log;
  }

  /** What answers now. */
  get settings(): EngineSettings {
    return this.#engine.settings;
  }

  /** A promise that code forgot harms nobody but whoever waits for it: no other request with it. */
  onUnhandledRejection(reason: unknown): void {
    this.#log.error("a promise was rejected, and nobody had asked for it", reason);
  }

  /** Gives back what a thread's end would: nothing is asked of it any more. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#engine.destroy();
    void this.#listeners.close();
    this.#wheel.stop();
    await this.#modules.close(this.#log);
    this.#lastLines();
    await this.#stores.close();
    this.#main.sessions.close();
    this.#files.close();
  }

  carryOut(order: Order): unknown {
    switch (order.kind) {
      case "listen":
      case "unlisten":
      case "lend":
        return this.#listeners.carryOut(order);
      case "prepare":
        return this.#prepare(order.served);
      case "code":
        return this.#modules.loaded;
      case "adopt":
        return this.#adopt();
      case "discard":
        this.#next = null;
        return this.#modules.discard();
      case "bound":
        return void (this.#admission.descriptorsMax = order.connectionsMax);
      case "count":
        return this.#count();
      case "drain":
        return this.#drain(order);
      case "cut":
        this.#engine.destroy();
        return this.#lastLines();
      default:
        return this.#main.receive(order);
    }
  }

  async #prepare(served: Served): Promise<LoadedCode> {
    const registry = await this.#modules.prepare(served);
    this.#next = { served, settings: this.#settingsFor(served, registry) };
    return this.#modules.loaded;
  }

  #settingsFor(served: Served, registry: Registry): EngineSettings {
    const { config, addresses, slots } = served;
    const { limits, timeouts, requestId } = config;
    const parts = {
      log: this.#log,
      clock: systemClock,
      files: this.#files,
      coordinator: this.#main.coordinator,
      stores: this.#stores,
      spools: this.#spools,
      slotsOf: (place: string): Slots => sharedSlots(slots.get(place)),
      events: this.#main.events,
      programs: this.#programs,
      secret: this.#secret,
      sessions: this.#main.sessions,
      module: (file: string): ModuleExports => this.#modules.exports(file),
      keepUntil: (work: Promise<unknown>): void => this.#lateWork.add(work),
      ...this.#pools,
    };
    return {
      limits,
      timeouts,
      requestId,
      ...assemble({ config, registry, addresses }, parts),
      onFinished: toldOfFinished(served, this.#access, this.#note),
    };
  }

  #onSocket(socket: StreamSocket): void {
    const countedAs = this.#admission.tryEnter(socket.remoteAddress);
    if (countedAs === null) this.#engine.refuse(socket);
    else this.#engine.accept(socket, false, () => this.#admission.leave(countedAs));
  }

  #adopt(): void {
    const { config } = this.#next!.served;
    const before = this.#engine.settings;
    this.#engine.settings = this.#next!.settings;
    const remaining = {
      isServed: () => this.#engine.serves(before),
      dismiss: () => this.#engine.dismiss(before),
    };
    this.#modules.commit(remaining, config.timeouts.shutdown, this.#log);
    // Folders may be links that were pointed elsewhere: what they were is not served on.
    this.#files.invalidate();
    this.#admission.limits = config.limits;
    this.#main.adopt(config);
    this.#log.level = config.log.level;
    this.#next = null;
  }

  #count(): void {
    this.#row.write(this.#engine.counters, this.#engine.connections);
  }

  async #drain(order: Order & { kind: "drain" }): Promise<void> {
    await this.#listeners.close();
    await drainWorker({ engine: this.#engine, lateWork: this.#lateWork }, this.#wheel, order);
    await this.#modules.close(this.#log);
    this.#lastLines();
  }

  #lastLines(): void {
    this.#count();
    this.#access.flush();
    this.#notices.flush();
  }
}
