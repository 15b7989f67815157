// Calls on the file system of which the kernel mostly only notes that they happened: written to the
// page cache, linked in memory. Where the file system is this machine's they are made at once: the
// way to the thread pool and back costs 15 to 30 µs and a switch of threads, which for 100 MB in
// blocks of 256 KiB is a third of the CPU (bench/put-100mb). A call that took long (too much is
// dirty, the journal is being written) closes the gate for its kind: from then on it goes to the
// pool, and is tried at once again later and later. A rename over a file is not for here: ext4
// begins to write the new one's bytes then, and waits for the disk if that is behind.
import type { BigIntStats } from "node:fs";
import type { FileSystem } from "../file-system.ts";

/** Longer than the kernel takes to note something; now and then a thread is only preempted. */
const SLOW_MS = 2;
/** So long nobody is preempted. */
const STOPPED_MS = 50;
/** Two slow calls among so many mean a disk that is behind. */
const AMONG = 32;
const PAUSE_MS_MIN = 250;
const PAUSE_MS_MAX = 16_000;
/** So many that were quick in a row, and a slow one is the first again. */
const QUICK_COUNT = 1000;

/** Whether calls of one kind are made at once now. */
export class Gate {
  readonly #nowMs: () => number;
  #closedUntilMs = -Infinity;
  #pauseMs = PAUSE_MS_MIN;
  /** Calls since a slow one. */
  #quick = AMONG;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  get isOpen(): boolean {
    return this.#nowMs() >= this.#closedUntilMs;
  }

  /** Makes `call`, and looks at how long it takes. */
  timed<T>(call: () => T): T {
    const startMs = this.#nowMs();
    try {
      return call();
    } finally {
      this.#took(this.#nowMs() - startMs);
    }
  }

  #took(ms: number): void {
    if (ms < SLOW_MS) {
      this.#quick += 1;
      if (this.#quick === QUICK_COUNT) this.#pauseMs = PAUSE_MS_MIN;
      return;
    }
    const isAlone = this.#quick >= AMONG;
    this.#quick = 0;
    if (isAlone && ms < STOPPED_MS) return;
    this.#closedUntilMs = this.#nowMs() + this.#pauseMs;
    this.#pauseMs = Math.min(PAUSE_MS_MAX, this.#pauseMs * 2);
  }
}

type Answer<T> = T | Promise<T>;

export class PromptFiles {
  readonly #system: FileSystem;
  readonly #isLocal: boolean;
  readonly #namesToo: boolean;
  readonly #writes = new Gate();
  readonly #names = new Gate();

  /** `namesToo`: nobody flushes, so that no name has to wait for the file system's journal. */
  constructor(system: FileSystem, { isLocal = false, namesToo = false }) {
    this.#system = system;
    this.#isLocal = isLocal;
    this.#namesToo = namesToo;
  }

  write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Answer<number> {
    const system = this.#system;
    if (!this.mayWriteNow) return system.write(fd, bytes, offset, length, at);
    return this.#writes.timed(() => system.writeSync(fd, bytes, offset, length, at));
  }

  /** Whether `write` answers at once. */
  get mayWriteNow(): boolean {
    return this.#isLocal && this.#writes.isOpen;
  }

  /** `lstat`; undefined where there is nothing. */
  lookAt(path: string): Answer<BigIntStats | undefined> {
    if (this.#isLocal) return this.#system.lstatSync(path);
    return this.#system.lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  }

  close(fd: number): Answer<void> {
    return this.#isLocal ? this.#system.closeSync(fd) : this.#system.close(fd);
  }

  open(path: string, flags: number, mode: number): Answer<number> {
    const system = this.#system;
    if (!this.#mayName) return system.open(path, flags, mode);
    return this.#names.timed(() => system.openSync(path, flags, mode));
  }

  link(from: string, to: string): Answer<void> {
    const system = this.#system;
    if (!this.#mayName) return system.link(from, to);
    return this.#names.timed(() => system.linkSync(from, to));
  }

  /** One name of several: the file stays. */
  unlinkName(path: string): Answer<void> {
    const system = this.#system;
    if (!this.#mayName) return system.unlink(path);
    return this.#names.timed(() => system.unlinkSync(path));
  }

  get #mayName(): boolean {
    return this.#isLocal && this.#namesToo && this.#names.isOpen;
  }
}
