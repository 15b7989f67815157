// A process that stores files and is killed while it does: what a round drives. Another way to
// store, by a server and a client, is another object of this kind.
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Ack, Op } from "./op.ts";

export interface Victim {
  /** What came of `op`; null: it was cut off. */
  act(op: Op): Promise<Ack | null>;
  /** Ends it at once, whatever it does, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts one that writes to `folder`. */
export type StartVictim = (folder: string) => Promise<Victim>;

const PROGRAM = fileURLToPath(new URL("store-process.ts", import.meta.url));

// A round that fails leaves none behind.
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** `Store` itself, in a process of its own. */
export const startStore: StartVictim = async (folder) => {
  const child = fork(PROGRAM, [folder]);
  running.add(child);
  await once(child, "message");
  return new StoreVictim(child);
};

class StoreVictim implements Victim {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (ack: Ack | null) => void>();
  readonly #gone: Promise<void>;
  #lastId = 0;
  #isGone = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("error", () => undefined); // what is sent to the dead: that they are gone is told
    child.on("message", ({ id, ack }: { id: number; ack: Ack }) => {
      this.#waiting.get(id)?.(ack);
      this.#waiting.delete(id);
    });
    this.#gone = this.#end();
  }

  act(op: Op): Promise<Ack | null> {
    if (this.#isGone || !this.#child.connected) return Promise.resolve(null);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, op }, () => undefined);
    });
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  /** Behind "disconnect" nothing that was sent is still to come. */
  async #end(): Promise<void> {
    await Promise.all([once(this.#child, "exit"), once(this.#child, "disconnect")]);
    running.delete(this.#child);
    this.#isGone = true;
    for (const settle of this.#waiting.values()) settle(null);
  }
}
