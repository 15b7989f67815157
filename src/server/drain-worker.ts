// How a worker comes to its end: requests under way are answered, and what takes too long is cut.
import type { Engine } from "../http/engine/index.ts";
import { Deadline, type LateWork, type TimerWheel } from "../runtime/index.ts";

// Of the time there is: for the rest idle connections are closed.
const GENTLE_PART = 0.8;

/** Resolves when nobody is connected, and nothing goes on. `gently`: see `Engine.drain`. */
export async function drainWorker(
  { engine, lateWork }: { readonly engine: Engine; readonly lateWork: LateWork },
  wheel: TimerWheel,
  { withinMs, gently }: { readonly withinMs: number; readonly gently: boolean },
): Promise<void> {
  // By the wheel: a timer of Node's takes what is beyond 24 days for a millisecond.
  const late = new Deadline(() => {
    engine.destroy();
    lateWork.giveUp();
  });
  wheel.schedule(late, withinMs);
  if (gently) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const idle = new Deadline(resolve);
    wheel.schedule(idle, withinMs * GENTLE_PART);
    await Promise.race([engine.drain({ gently }), promise]);
    wheel.cancel(idle);
  }
  await engine.drain();
  await lateWork.settled();
  wheel.cancel(late);
}
