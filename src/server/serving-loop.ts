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
  type PoolNote,
  type Slots,
  type WorkerSide,
} from "../runtime/index.ts";
import { OpenFileCache, Spools, Stores } from "../storage/index.ts";
import { listen, type Listener, type StreamSocket } from "../transport/index.ts";
import { assemble } from "./assemble.ts";
import { LineRelay } from "./line-relay.ts";
import type { Note, Order, Served, ServingInit } from "./orders.ts";
import { BUILT_IN } from "./registry.ts";
import { CounterRow } from "./shared-state.ts";

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
  #next: Served | null = null;
  #nextSettings: EngineSettings | null = null;

  constructor(init: ServingInit, index: number, note: (note: Note) => void) {
    const { config } = init.served;
    this.#notices = new LineRelay("notices", note);
    this.#access = new LineRelay("access", note);
    this.#log = new ConsoleLog(config.log.level, this.#notices);
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
    this.#engine = new Engine(parts, this.#settingsFor(init.served));
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
      case "coordinator":
        return this.#coordinator.receive(order.message);
      case "account":
        return this.#account.receive(order.message);
      case "cut":
        this.#engine.destroy();
        return this.#lastLines();
    }
  }

  #settingsFor({ config, addresses, slots }: Served): EngineSettings {
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
      module: (file: string): never => {
        throw new Error(`${file} was not loaded`);
      },
      ...this.#pools,
    };
    const { format } = log;
    const writeAccess = (finished: FinishedExchange): void =>
      this.#access.write(formatAccess(format, finished));
    return {
      limits,
      timeouts,
      requestId,
      ...assemble({ config, registry: BUILT_IN, addresses }, parts),
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
    const { config } = this.#next!;
    this.#engine.settings = this.#nextSettings!;
    // Folders may be links that were pointed elsewhere: what they were is not served on.
    this.#files.invalidate();
    this.#admission.limits = config.limits;
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
    const late = new Deadline(() => this.#engine.destroy());
    this.#wheel.schedule(late, withinMs);
    await this.#engine.drain();
    this.#wheel.cancel(late);
    this.#lastLines();
  }

  #lastLines(): void {
    this.#count();
    this.#access.flush();
    this.#notices.flush();
  }
}
