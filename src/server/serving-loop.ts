// What one worker does: an engine with its listeners and open files, on one loop. It serves what it
// is told to, and is told anew at a reload: requests under way end by the rules they came under.
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { threadId } from "node:worker_threads";
import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { formatAccess } from "../http/access-log/index.ts";
import { Engine, type EngineSettings, type FinishedExchange } from "../http/engine/index.ts";
import type { ModuleExports, RoomContext } from "../http/room.ts";
import {
  Admission,
  Deadline,
  LateWork,
  Programs,
  SharedCounts,
  SharedLocks,
  SharedSlots,
  TimerWheel,
  UNBOUND_SLOTS,
  type ConsoleLog,
  type PoolNote,
  type Slots,
  type WorkerSide,
} from "../runtime/index.ts";
import { OpenFileCache, Spools, Stores } from "../storage/index.ts";
import { listen, type Listener, type StreamSocket } from "../transport/index.ts";
import { assemble } from "./assemble.ts";
import { LineRelay } from "./line-relay.ts";
import { MainThread } from "./main-thread.ts";
import type { Note, Order, Served, ServingInit } from "./orders.ts";
import { BUILT_IN } from "./registry.ts";
import { CounterRow } from "./shared-state.ts";
import { noticesLog } from "./telling-log.ts";

const COUNT_MS = 1000;
const CLOSE_UNASKED_MS = 20_000;

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
  readonly #listeners = new Map<string, Listener>();
  readonly #timers: NodeJS.Timeout[];
  readonly #note: (note: Note) => void;
  #next: Served | null = null;
  #nextSettings: EngineSettings | null = null;

  constructor(init: ServingInit, index: number, note: (note: Note) => void) {
    const { config } = init.served;
    this.#notices = new LineRelay("notices", note);
    this.#access = new LineRelay("access", note);
    this.#note = note;
    this.#log = noticesLog(config.log.level, this.#notices, init.tellsErrors ? note : null);
    this.#main = new MainThread({ log: this.#log, note, config, folder: init.hidden });
    const { generation, secret, locks, programs } = init.shared;
    this.#programs = new Programs(programs, index);
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
      locks: new SharedLocks(locks, index),
      account: this.#main.account,
      clock: systemClock,
      log: this.#log,
      onWritten: () => this.#files.invalidate(),
    });
    this.#spools = new Spools({ folder: tmpdir(), log: this.#log });
    const onFull = (): void =>
      this.#log.warn("more clients than connectionsPerAddress can count: some go uncounted");
    const counts = new SharedCounts(init.shared.clients, index, onFull);
    this.#admission = new Admission({ limits: config.limits, counts });
    const parts = { clock: systemClock, wheel: this.#wheel, log: this.#log };
    this.#engine = new Engine(parts, this.#settingsFor(init.served));
    this.#row = new CounterRow(init.shared, index);
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
    for (const listener of this.#listeners.values()) void listener.close();
    this.#wheel.stop();
    this.#lastLines();
    await this.#stores.close();
    this.#main.sessions.close();
    this.#files.close();
  }

  carryOut(order: Order): unknown {
    switch (order.kind) {
      case "listen":
        return this.#listen(order);
      case "unlisten":
        return this.#unlisten(order.key);
      case "prepare":
        this.#nextSettings = this.#settingsFor(order.served);
        this.#next = order.served;
        return undefined;
      case "adopt":
        return this.#adopt();
      case "discard":
        this.#next = null;
        this.#nextSettings = null;
        return undefined;
      case "bound":
        this.#admission.descriptorsMax = order.connectionsMax;
        return undefined;
      case "count":
        return this.#count();
      case "drain":
        return this.#drain(order.withinMs);
      case "cut":
        this.#engine.destroy();
        return this.#lastLines();
      default:
        return this.#main.receive(order);
    }
  }

  #settingsFor(served: Served): EngineSettings {
    const { config, addresses, slots } = served;
    const registry = served.registry ?? BUILT_IN;
    const { limits, timeouts, requestId } = config;
    const parts = {
      log: this.#log,
      clock: systemClock,
      files: this.#files,
      coordinator: this.#main.coordinator,
      stores: this.#stores,
      spools: this.#spools,
      slotsOf: (place: string): Slots => {
        const memory = slots.get(place);
        return memory === undefined ? UNBOUND_SLOTS : new SharedSlots(memory, threadId);
      },
      events: this.#main.events,
      programs: this.#programs,
      secret: this.#secret,
      sessions: this.#main.sessions,
      module: (file: string) => createRequire(import.meta.url)(file) as ModuleExports,
      keepUntil: (work: Promise<unknown>): void => this.#lateWork.add(work),
      ...this.#pools,
    };
    return {
      limits,
      timeouts,
      requestId,
      ...assemble({ config, registry, addresses }, parts),
      onFinished: this.#onFinished(served),
    };
  }

  /** Who is told of requests that are over: the access log, and a library's listeners. */
  #onFinished({ config, tellsRequests }: Served): EngineSettings["onFinished"] {
    const { access, format } = config.log;
    const write = (finished: FinishedExchange): void =>
      this.#access.write(formatAccess(format, finished));
    if (!tellsRequests) return access === "off" ? null : write;
    return (finished) => {
      if (access !== "off") write(finished);
      this.#note({ kind: "request", finished });
    };
  }

  async #listen({ key, address, descriptor }: Order & { kind: "listen" }): Promise<void> {
    const how = descriptor === null ? { reusePort: address.kind === "tcp" } : { descriptor };
    const listener = await listen(address, (socket) => this.#onSocket(socket), how);
    this.#listeners.set(key, listener);
  }

  async #unlisten(key: string): Promise<void> {
    const listener = this.#listeners.get(key);
    this.#listeners.delete(key);
    await listener?.close();
  }

  #onSocket(socket: StreamSocket): void {
    const countedAs = this.#admission.tryEnter(socket.remoteAddress);
    if (countedAs === null) this.#engine.refuse(socket);
    else this.#engine.accept(socket, false, () => this.#admission.leave(countedAs));
  }

  #adopt(): void {
    const { config } = this.#next!;
    this.#engine.settings = this.#nextSettings!;
    // Folders may be links that were pointed elsewhere: what they were is not served on.
    this.#files.invalidate();
    this.#admission.limits = config.limits;
    this.#main.adopt(config);
    this.#log.level = config.log.level;
    this.#next = null;
    this.#nextSettings = null;
  }

  #count(): void {
    this.#row.write(this.#engine.counters, this.#engine.connections);
  }

  async #drain(withinMs: number): Promise<void> {
    for (const listener of this.#listeners.values()) void listener.close();
    // By the wheel: a timer of Node's takes what is beyond 24 days for a millisecond.
    const late = new Deadline(() => {
      this.#engine.destroy();
      this.#lateWork.giveUp();
    });
    this.#wheel.schedule(late, withinMs);
    await this.#engine.drain();
    await this.#lateWork.settled();
    this.#wheel.cancel(late);
    this.#lastLines();
  }

  #lastLines(): void {
    this.#count();
    this.#access.flush();
    this.#notices.flush();
  }
}
