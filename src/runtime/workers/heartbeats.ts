// Whether a worker's loop still turns. Each worker counts up a number of its own in shared memory,
// the main thread looks at all of them at its own pace: one that stood still over several looks in
// a row is stuck. Looks are counted, not milliseconds: a machine that slept, or a process that was
// stopped, lets the workers beat again before it judges them.
import type { WorkerStart } from "./messages.ts";

const LOOKS = 5;
const BEAT_MS = 200;

export class Heartbeats {
  readonly beats: Int32Array<SharedArrayBuffer>;
  readonly #seen: { beat: number; looks: number }[] = [];

  constructor(workers: number) {
    this.beats = new Int32Array(new SharedArrayBuffer(4 * workers));
    for (let index = 0; index < workers; index += 1) this.#seen.push({ beat: 0, looks: 0 });
  }

  /** A worker that begins: it is given the whole time from now on. */
  restart(index: number): void {
    this.#seen[index] = { beat: Atomics.load(this.beats, index), looks: 0 };
  }

  /** To be called every `lookMs`. True: the worker has not beaten for so long that it is stuck. */
  isStuck(index: number): boolean {
    const seen = this.#seen[index]!;
    const beat = Atomics.load(this.beats, index);
    if (beat !== seen.beat) {
      seen.beat = beat;
      seen.looks = 0;
      return false;
    }
    seen.looks += 1;
    return seen.looks >= LOOKS;
  }
}

/** How often to look, so that a worker is found stuck after `stuckMs`, of at least a second. */
export function lookMs(stuckMs: number): number {
  return Math.floor(stuckMs / LOOKS);
}

/** Beats for as long as this thread's loop turns. */
export function beat({ beats, index }: WorkerStart<unknown>): void {
  setInterval(() => Atomics.add(beats, index, 1), BEAT_MS).unref();
}
