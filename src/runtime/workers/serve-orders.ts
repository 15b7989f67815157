// A worker's side of its port. It is called once in a thread's life, at its start.
import { parentPort, workerData } from "node:worker_threads";
import { beat } from "./heartbeats.ts";
import { START_ID, type OrderEnvelope, type WorkerEnvelope, type WorkerStart } from "./messages.ts";

export interface WorkerSide<Order> {
  /** Carries out one order; what it returns is copied to the main thread. */
  carryOut(order: Order): unknown;
}

export interface Parent {
  readonly index: number;
  /** Tells the main thread, which does not answer. */
  note(note: unknown): void;
}

/**
 * Takes the main thread's orders with what `begin` makes of the start's data. Where that rejects,
 * the main thread is told why, and ends this one.
 */
export async function serveOrders<Init, Order>(
  begin: (init: Init, parent: Parent) => WorkerSide<Order> | Promise<WorkerSide<Order>>,
): Promise<void> {
  const start = workerData as WorkerStart<Init>;
  const post = (message: WorkerEnvelope): void => parentPort!.postMessage(message);
  const note = (value: unknown): void => post({ kind: "note", note: value });
  beat(start);
  post({ kind: "begun" });
  // In the meantime orders wait in the port, and hold the thread.
  parentPort!.ref();
  try {
    const side = await begin(start.init, { index: start.index, note });
    parentPort!.on("message", ({ id, order }: OrderEnvelope) => {
      if (id === null) side.carryOut(order as Order);
      else void answerTo(id, () => side.carryOut(order as Order)).then(post);
    });
    post({ kind: "ready" });
  } catch (error) {
    post(failure(START_ID, error));
  }
}

async function answerTo(id: number, carryOut: () => unknown): Promise<WorkerEnvelope> {
  try {
    return { kind: "done", id, value: await carryOut() };
  } catch (error) {
    return failure(id, error);
  }
}

function failure(id: number, error: unknown): WorkerEnvelope {
  if (!(error instanceof Error)) return { kind: "failed", id, code: "", message: String(error) };
  const { code = "", message } = error as NodeJS.ErrnoException;
  return { kind: "failed", id, code, message };
}
