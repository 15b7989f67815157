// Tells what was stored: keeps each event on disk, then tries until it has arrived. Events for one
// receiver make a lane; a lane tries a few at once, and one that fails holds up no other.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { EventNote } from "./messages.ts";
import { Outbox, type Delivery, type Lane } from "./outbox.ts";
import type { Outcome, Try } from "./outcome.ts";
import { postEvent } from "./post-event.ts";
import { runCommand } from "./run-command.ts";

const RETRY_MS_FIRST = 1000;
const RETRY_MS_MAX = 10 * 60_000;
const TRIED_MS_MAX = 24 * 60 * 60_000;
const WAITING_MAX = 100_000;
const LOOK_MS_MAX = 60_000;
const FILE = "events.sqlite";

export interface DeliveryParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Where events are kept; null: in memory, until the server ends. */
  readonly folder: string | null;
}

/** Whom a lane leads to. */
type Receiver = { readonly run: readonly string[] } | { readonly post: string };

interface LaneState {
  readonly receiver: Receiver;
  readonly title: string;
  atOnce: number;
  running: number;
  failing: boolean;
}

export class EventDelivery {
  readonly #parts: DeliveryParts;
  readonly #lanes = new Map<string, LaneState>();
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #outbox: Promise<Outbox> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isFull = false;
  #isStopping = false;
  #isClosed = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Goes on with what an earlier server left. Without any nothing is opened. */
  async start(): Promise<void> {
    const { folder } = this.#parts;
    if (folder === null || !existsSync(join(folder, FILE))) return;
    await this.#with((outbox) => this.#pumpAll(outbox));
  }

  /** Resolves when the event is kept; it is told later. Never rejects. */
  async note({ event, hook }: EventNote): Promise<void> {
    const { run, post, atOnce, timeoutMs } = hook;
    const receivers = [run === null ? [] : [{ run }], post === null ? [] : [{ post }]].flat();
    await this.#with((outbox) => {
      for (const receiver of receivers) {
        const lane = { lane: JSON.stringify(receiver), atOnce };
        if (!this.#hasRoom(outbox, event.name)) return;
        const addedMs = this.#parts.clock.nowMs();
        outbox.add({ ...lane, timeoutMs, addedMs, event: JSON.stringify(event) });
        this.#laneOf(lane).atOnce = atOnce;
        this.#pump(outbox, lane.lane);
      }
    });
  }

  /** Lets what is under way end, up to `withinMs`, then ends it. What is left is told next time. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const outbox = await this.#outbox?.catch(() => null);
    const late = setTimeout(() => this.#abort.abort(), Math.min(withinMs, 2 ** 31 - 1));
    while (this.#running.size > 0) await Promise.all(this.#running);
    clearTimeout(late);
    if (!this.#isClosed) outbox?.close();
    this.#isClosed = true;
  }

  /** Opens what is not open; what goes wrong is for the log: nobody can be told otherwise. */
  async #with(act: (outbox: Outbox) => void): Promise<void> {
    try {
      if (this.#isClosed) throw new Error("the server has stopped");
      this.#outbox ??= this.#open();
      act(await this.#outbox);
    } catch (error) {
      this.#parts.log.error(`events are not kept: ${(error as Error).message}`);
    }
  }

  async #open(): Promise<Outbox> {
    const { folder, log } = this.#parts;
    if (folder === null) log.warn("events are kept in memory only: there is no data folder");
    const file = folder === null ? null : join(folder, FILE);
    try {
      const outbox = await Outbox.open(file, (aside) =>
        log.error(`the kept events can't be read: they are put aside as ${aside}`),
      );
      for (const lane of outbox.lanes()) this.#laneOf(lane);
      return outbox;
    } catch (error) {
      this.#outbox = null; // the next event may find descriptors, or room
      throw error;
    }
  }

  #hasRoom(outbox: Outbox, name: string): boolean {
    const wasFull = this.#isFull;
    this.#isFull = outbox.count >= WAITING_MAX;
    if (this.#isFull && !wasFull) {
      this.#parts.log.error(`${WAITING_MAX} events wait: that of ${name} and more are dropped`);
    }
    return !this.#isFull;
  }

  #laneOf({ lane, atOnce }: Lane): LaneState {
    const known = this.#lanes.get(lane);
    if (known !== undefined) return known;
    const receiver = JSON.parse(lane) as Receiver;
    const title = "run" in receiver ? receiver.run[0]! : new URL(receiver.post).origin;
    const made = { receiver, title, atOnce, running: 0, failing: false };
    this.#lanes.set(lane, made);
    return made;
  }

  #pumpAll(outbox: Outbox): void {
    const nowMs = this.#parts.clock.nowMs();
    outbox.mend(nowMs, nowMs + RETRY_MS_MAX);
    for (const lane of this.#lanes.keys()) this.#pump(outbox, lane);
  }

  /** Tries what is due in `lane`, as many as it may at once. */
  #pump(outbox: Outbox, lane: string): void {
    const state = this.#lanes.get(lane)!;
    const { clock } = this.#parts;
    while (!this.#isStopping && state.running < state.atOnce) {
      const delivery = outbox.take(lane, clock.nowMs());
      if (delivery === null) break;
      state.running += 1;
      const running = this.#try(outbox, state, delivery);
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    }
    if (state.running === 0 && !outbox.hasLane(lane)) this.#lanes.delete(lane);
    this.#lookLater(outbox);
  }

  async #try(outbox: Outbox, lane: LaneState, delivery: Delivery): Promise<void> {
    const outcome = await this.#deliver(lane, delivery);
    lane.running -= 1;
    // What was cut off is taken up when the database is opened again.
    if (this.#abort.signal.aborted && outcome.kind !== "done") return;
    await this.#with(() => {
      this.#settle(outbox, lane, delivery, outcome);
      this.#pump(outbox, delivery.lane);
    });
  }

  async #deliver({ receiver, title }: LaneState, delivery: Delivery): Promise<Outcome> {
    const { log } = this.#parts;
    const { event, timeoutMs } = delivery;
    const attempt: Try = { event, timeoutMs, signal: this.#abort.signal };
    try {
      if ("post" in receiver) return await postEvent(receiver.post, attempt);
      return await runCommand(receiver.run, attempt, (line) => log.warn(`${title}: ${line}`));
    } catch (error) {
      // A bug of ours, or a row that somebody wrote: nothing to end the server for.
      return { kind: "never", why: (error as Error).message };
    }
  }

  #settle(outbox: Outbox, lane: LaneState, delivery: Delivery, outcome: Outcome): void {
    const { clock, log } = this.#parts;
    const { id, tries, addedMs } = delivery;
    if (outcome.kind === "done") {
      outbox.drop(id);
      if (lane.failing) log.info(`${lane.title} takes events again`);
      lane.failing = false;
      return;
    }
    const { name } = JSON.parse(delivery.event) as { name: string };
    const what = `${lane.title} was not told of ${name}: ${outcome.why}`;
    const dueMs = clock.nowMs() + Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** tries);
    if (outcome.kind === "never" || dueMs - addedMs > TRIED_MS_MAX) {
      outbox.drop(id);
      log.error(`${what}; it is not tried again`);
      return;
    }
    outbox.again(id, dueMs);
    // A receiver that is away for a night is told of once.
    if (lane.failing) log.debug(what);
    else log.warn(`${what}; it is tried again, as are others, for a day`);
    lane.failing = true;
  }

  #lookLater(outbox: Outbox): void {
    clearTimeout(this.#timer);
    if (this.#isStopping) return;
    const nowMs = this.#parts.clock.nowMs();
    const nextMs = outbox.nextMs(nowMs);
    if (nextMs === null) return;
    const waitMs = Math.min(LOOK_MS_MAX, nextMs - nowMs);
    this.#timer = setTimeout(() => {
      void this.#with(() => this.#pumpAll(outbox));
    }, waitMs).unref();
  }
}
