// Waiting for what has to come, without guessing when.
import { setImmediate, setTimeout } from "node:timers/promises";

const PATIENCE_MS = 20_000;
/** Most things come within some turns of the loop. */
const TURNS = 50;
const PAUSE_MS = 5;

/** Lets the loop turn so often. */
export async function turns(count: number): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- one behind the other
  for (let turned = 0; turned < count; turned += 1) await setImmediate();
}

/** Resolves once `isSo`. Rejects when it never is. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const lateMs = performance.now() + PATIENCE_MS;
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (performance.now() > lateMs) throw new Error(`it never came: ${isSo.toString()}`);
    // oxlint-disable-next-line no-await-in-loop -- until it is so
    await (tries < TURNS ? setImmediate() : setTimeout(PAUSE_MS));
  }
}
