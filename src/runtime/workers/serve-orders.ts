// A worker's side of its port. It is called once in a thread's life, at its start.
import { parentPort, workerData } from "node:worker_threads";
import { beat } from "./heartbeats.ts";
import type { OrderEnvelope, WorkerEnvelope, WorkerStart } from "./messages.ts";

export interface WorkerSide<Order> {
  /** Carries out one order; what it returns is copied to the main thread. */
  carryOut(order: Order): unknown;
}

export interface Parent {
  readonly index: number;
  /** Tells the main thread, which does not answer. */
  note(note: unknown): void;
}

/** Takes the main thread's orders with what `begin` makes of the start's data. */
export function serveOrders<Init, Order>(
  begin: (init: Init, parent: Parent) => WorkerSide<Order>,
): void {
  const start = workerData as WorkerStart<Init>;
  const post = (message: WorkerEnvelope): void => parentPort!.postMessage(message);
  beat(start);
  const note = (value: unknown): void => post({ kind: "note", note: value });
  const side = begin(start.init, { index: start.index, note });
  parentPort!.on("message", ({ id, order }: OrderEnvelope) => {
    void answerTo(id, () => side.carryOut(order as Order)).then(post);
  });
  post({ kind: "ready" });
}

async function answerTo(id: number, carryOut: () => unknown): Promise<WorkerEnvelope> {
  try {
    return { kind: "done", id, value: await carryOut() };
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return { kind: "failed", id, code, message };
  }
}
