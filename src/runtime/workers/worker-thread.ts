// The main thread's hold on one worker: orders go in, answers come out, and its end is told once,
// with the reason.
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import {
  OrderFailed,
  START_ID,
  WorkerGone,
  type OrderEnvelope,
  type WorkerEnvelope,
  type WorkerStart,
} from "./messages.ts";

export interface WorkerEvents {
  onNote(note: unknown): void;
  /** Called once. `error`: what ended it, where it did not end by itself. */
  onEnd(error: Error | null): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Memory for a worker's young objects: three times what is collected at once. V8's own 48 MB cost
 * no less time a request (bench tiny, 1kb), and 25 MB a worker under load.
 */
const YOUNG_MB = 12;

/**
 * Young objects are made young, wherever they are made. Else V8 makes those of a place in the code
 * old from the start where they lived long before: once scripts had run, all that pages of FastCGI
 * have made at the same places outlived its request (docs/decisions/0070).
 */
const YOUNG_FLAG = "--no-allocation-site-pretenuring";

export class WorkerThread {
  /** Resolves when it takes orders; rejects with why it does not, or a WorkerGone. */
  readonly ready: Promise<void>;
  readonly startedMs = Date.now();
  /** No other thread of this process ever has it. */
  readonly threadId: number;
  /** Resolves when it has ended. */
  readonly end: Promise<void>;
  readonly #worker: Worker;
  readonly #events: WorkerEvents;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #error: Error | null = null;
  #hasBegun = false;
  #ended = false;

  /** Starts `entry` in a thread of its own, which calls `serveOrders`. */
  constructor(entry: URL, start: WorkerStart<unknown>, events: WorkerEvents) {
    this.#events = events;
    setFlagsFromString(YOUNG_FLAG);
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    this.#worker = new Worker(entry, { workerData: start, resourceLimits });
    this.threadId = this.#worker.threadId;
    this.ready = this.#expect(START_ID).then(() => undefined);
    this.ready.catch(() => undefined); // whoever asks is told; nobody may ask
    this.#worker.on("message", (message: WorkerEnvelope) => this.#onMessage(message));
    this.#worker.on("messageerror", (error) => (this.#error ??= error));
    this.#worker.on("error", (error: unknown) => {
      this.#error ??= error instanceof Error ? error : new Error(String(error));
    });
    this.end = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#onExit();
        resolve();
      });
    });
  }

  /** Its loop is to turn. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Resolves to its answer. Rejects with an OrderFailed, or a WorkerGone. */
  ask(order: unknown): Promise<unknown> {
    if (this.#ended) return Promise.reject(new WorkerGone("the worker has ended"));
    this.#orders += 1;
    const answer = this.#expect(this.#orders);
    this.#worker.postMessage({ id: this.#orders, order } satisfies OrderEnvelope);
    return answer;
  }

  /** As `ask`, without an answer; nothing where the worker has ended. */
  tell(order: unknown): void {
    this.#worker.postMessage({ id: null, order } satisfies OrderEnvelope);
  }

  /** Ends it wherever it is, but not in a call that blocks. */
  async terminate(reason?: Error): Promise<void> {
    this.#error ??= reason ?? null;
    await this.#worker.terminate();
  }

  #expect(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #onMessage(message: WorkerEnvelope): void {
    if (message.kind === "note") return this.#events.onNote(message.note);
    if (message.kind === "begun") {
      this.#hasBegun = true;
      return;
    }
    const id = message.kind === "ready" ? START_ID : message.id;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (message.kind === "failed") waiting?.reject(new OrderFailed(message.code, message.message));
    else waiting?.resolve(message.kind === "done" ? message.value : undefined);
  }

  #onExit(): void {
    this.#ended = true;
    const gone = new WorkerGone(this.#error?.message ?? "the worker has ended");
    for (const waiting of this.#waiting.values()) waiting.reject(gone);
    this.#waiting.clear();
    this.#events.onEnd(this.#error);
  }
}
