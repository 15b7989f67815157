// What one worker does: an engine with its listeners and open files, on one loop. It serves what it
// is told to, and is told anew at a reload: requests under way end by the rules they came under.
import { tmpdir } from "node:os";
import { threadId } from "node:worker_threads";
import { systemClock } from "../base/clock.ts";
import { formatAccess } from "../http/access-log/index.ts";
import { Engine, type EngineSettings, type FinishedExchange } from "../http/engine/index.ts";
import type { RoomContext } from "../http/room.ts";
import {
  AccountClient,
  Admission,
  ConsoleLog,
  CoordinatorClient,
  Deadline,
  EventsClient,
  NO_SESSIONS,
  Programs,
  SharedCounts,
  SharedLocks,
  SharedSlots,
  TimerWheel,
  UNBOUND_SLOTS,
  withoutMarks,
  type ModuleExports,
  type PoolNote,
  type Slots,
  type WorkerSide,
} from "../runtime/index.ts";
import { OpenFileCache, Spools, Stores } from "../storage/index.ts";
import { listen, type Listener, type StreamSocket } from "../transport/index.ts";
import { assemble } from "./assemble.ts";
import { LineRelay } from "./line-relay.ts";
import type { LoadedCode, Note, Order, Served, ServingInit } from "./orders.ts";
import type { Registry } from "./registry.ts";
import { CounterRow } from "./shared-state.ts";
import { WorkerModules } from "./worker-modules.ts";

const COUNT_MS = 1000;
const CLOSE_UNASKED_MS = 20_000;

/** What is prepared, and not yet adopted. */
interface Next {
  readonly served: Served;
  readonly settings: EngineSettings;
}

export class ServingLoop implements WorkerSide<Order> {
  readonly #notices: LineRelay;
  readonly #access: LineRelay;
  readonly #log: ConsoleLog;
  readonly #wheel = new TimerWheel(systemClock);
  readonly #files: OpenFileCache;
  readonly #admission: Admission;
  readonly #engine: Engine;
  readonly #coordinator: CoordinatorClient;
  readonly #account: AccountClient;
  readonly #stores: Stores;
  readonly #spools: Spools;
  readonly #events: EventsClient;
  readonly #programs: Programs;
  readonly #secret: Uint8Array;
  readonly #pools: Pick<RoomContext, "runFolder" | "onPoolHangs">;
  readonly #row: CounterRow;
  readonly #listeners = new Map<string, Listener>();
  readonly #modules: WorkerModules;
  #next: Next | null = null;

  /** `seat`: see `WorkerPool`. Rejects with why the operator's code does not load. */
  static async begin(
    init: ServingInit,
    seat: number,
    note: (note: Note) => void,
  ): Promise<ServingLoop> {
    const modules = new WorkerModules(note);
    const registry = await modules.prepare(init.served);
    return new ServingLoop(init, seat, note, modules, registry);
  }

  private constructor(
    init: ServingInit,
    index: number,
    note: (note: Note) => void,
    modules: WorkerModules,
    registry: Registry,
  ) {
    const { config } = init.served;
    this.#modules = modules;
    this.#notices = new LineRelay("notices", note);
    this.#access = new LineRelay("access", note);
    // Generations of modules are nobody's business.
    const write = (line: string): void => this.#notices.write(withoutMarks(line));
    this.#log = new ConsoleLog(config.log.level, { write });
    this.#coordinator = new CoordinatorClient((message) => note({ kind: "coordinator", message }));
    this.#account = new AccountClient((message) => note({ kind: "account", message }));
    this.#events = new EventsClient(systemClock, (message) => note({ kind: "event", message }));
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
      account: this.#account,
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
    this.#engine = new Engine(parts, this.#settingsFor(init.served, registry));
    modules.commit(() => false, 0, this.#log);
    this.#row = new CounterRow(init.shared, index);
    setInterval(() => this.#count(), COUNT_MS).unref();
    setInterval(() => this.#files.closeUnasked(), CLOSE_UNASKED_MS).unref();
  }

  carryOut(order: Order): unknown {
    switch (order.kind) {
      case "listen":
        return this.#listen(order);
      case "unlisten":
        return this.#unlisten(order.key);
      case "lend":
        return this.#listeners.get(order.key)?.duplicate() ?? null;
      case "prepare":
        return this.#prepare(order.served);
      case "code":
        return this.#modules.loaded;
      case "adopt":
        return this.#adopt();
      case "discard":
        this.#next = null;
        this.#modules.discard();
        return undefined;
      case "bound":
        this.#admission.descriptorsMax = order.connectionsMax;
        return undefined;
      case "count":
        return this.#count();
      case "drain":
        return this.#drain(order.withinMs);
      case "coordinator":
        return this.#coordinator.receive(order.message);
      case "account":
        return this.#account.receive(order.message);
      case "cut":
        this.#engine.destroy();
        return this.#lastLines();
    }
  }

  async #prepare(served: Served): Promise<LoadedCode> {
    const registry = await this.#modules.prepare(served);
    this.#next = { served, settings: this.#settingsFor(served, registry) };
    return this.#modules.loaded;
  }

  #settingsFor({ config, addresses, slots }: Served, registry: Registry): EngineSettings {
    const { limits, timeouts, requestId, log } = config;
    const parts = {
      log: this.#log,
      clock: systemClock,
      files: this.#files,
      coordinator: this.#coordinator,
      stores: this.#stores,
      spools: this.#spools,
      slotsOf: (place: string): Slots => {
        const memory = slots.get(place);
        return memory === undefined ? UNBOUND_SLOTS : new SharedSlots(memory, threadId);
      },
      events: this.#events,
      programs: this.#programs,
      secret: this.#secret,
      sessions: NO_SESSIONS,
      module: (file: string): ModuleExports => this.#modules.exports(file),
      ...this.#pools,
    };
    const { format } = log;
    const writeAccess = (finished: FinishedExchange): void =>
      this.#access.write(formatAccess(format, finished));
    return {
      limits,
      timeouts,
      requestId,
      ...assemble({ config, registry, addresses }, parts),
      onFinished: log.access === "off" ? null : writeAccess,
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
    const { served, settings } = this.#next!;
    const { config } = served;
    const before = this.#engine.settings;
    this.#engine.settings = settings;
    const isServed = (): boolean => this.#engine.serves(before);
    this.#modules.commit(isServed, config.timeouts.shutdown, this.#log);
    // Folders may be links that were pointed elsewhere: what they were is not served on.
    this.#files.invalidate();
    this.#admission.limits = config.limits;
    this.#log.level = config.log.level;
    this.#next = null;
  }

  #count(): void {
    this.#row.write(this.#engine.counters, this.#engine.connections);
  }

  async #drain(withinMs: number): Promise<void> {
    await Promise.all(Array.from(this.#listeners.values(), (listener) => listener.close()));
    // By the wheel: a timer of Node's takes what is beyond 24 days for a millisecond.
    const late = new Deadline(() => this.#engine.destroy());
    this.#wheel.schedule(late, withinMs);
    await this.#engine.drain();
    this.#wheel.cancel(late);
    await this.#modules.close(this.#log);
    this.#lastLines();
  }

  #lastLines(): void {
    this.#count();
    this.#access.flush();
    this.#notices.flush();
  }
}
