// What has to be whole before somebody reads it: a request's body that a program is to be given. It
// is kept in memory as long as it is small and memory is free, else in a file that has lost its
// name before anything is in it, so that it goes with its last descriptor, whatever happens to us.
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { Failure } from "../base/failure.ts";
import type { Log } from "../base/log.ts";
import { writeFailureOf } from "./failures.ts";
import { systemFiles, type FileSystem } from "./file-system.ts";
import { LocalDevices } from "./local-devices.ts";
import { PromptFiles, writeAll, writeAtOnce } from "./write/index.ts";

/** What is larger is in a file. A pipe holds as much. */
const MEMORY_BYTES_A_SPOOL = 64 * 1024;
const MEMORY_BYTES_MAX = 16 * 1024 * 1024;
const FIRST_BYTES = 1024;
const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const FLAGS = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
const NOTHING = new Uint8Array(0);

export interface SpoolsOptions {
  /** Where files are made. */
  readonly folder: string;
  readonly log: Log;
  /** What all spools of this thread may have of memory. */
  readonly memoryBytesMax?: number;
  readonly system?: FileSystem;
}

/** Makes the spools of a thread. */
export class Spools {
  readonly system: FileSystem;
  #memoryBytes = 0;
  readonly #folder: string;
  readonly #log: Log;
  readonly #memoryBytesMax: number;
  #prompt: Promise<PromptFiles> | null = null;

  constructor({ folder, log, memoryBytesMax, system }: SpoolsOptions) {
    this.#folder = folder;
    this.#log = log;
    this.#memoryBytesMax = memoryBytesMax ?? MEMORY_BYTES_MAX;
    this.system = system ?? systemFiles;
  }

  /** What they have of memory now. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  open(): Spool {
    return new Spool(this);
  }

  /** Takes `bytes` of memory, if as many are free. */
  tryReserve(bytes: number): boolean {
    if (this.#memoryBytes + bytes > this.#memoryBytesMax) return false;
    this.#memoryBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#memoryBytes -= bytes;
  }

  /** How files of the folder are written. */
  prompt(): Promise<PromptFiles> {
    this.#prompt ??= this.#findPrompt();
    return this.#prompt;
  }

  /** An empty file without a name, for this user alone. Throws as the system does. */
  async openFile(prompt: PromptFiles): Promise<number> {
    const path = `${this.#folder}/.portico-spool-${process.pid}-${randomBytes(8).toString("hex")}`;
    const fd = await prompt.open(path, FLAGS, 0o600);
    try {
      await prompt.unlinkName(path);
    } catch (error) {
      await this.system.close(fd);
      throw error;
    }
    return fd;
  }

  failureOf(error: unknown): Failure {
    const failure = writeFailureOf(error, `a spool in ${this.#folder}`, this.#log);
    if (FOR_CLIENTS.has(failure.code)) return failure;
    this.#log.error(failure.detail, error); // the folder is gone, or no folder
    return new Failure("storageFailed", failure.detail);
  }

  async #findPrompt(): Promise<PromptFiles> {
    const { system } = this;
    const stats = await system.stat(this.#folder).catch(() => null);
    const isLocal = stats !== null && (await new LocalDevices(system).has(stats.dev, this.#folder));
    return new PromptFiles(system, { isLocal, namesToo: true });
  }
}

const FOR_CLIENTS: ReadonlySet<string> = new Set(["storageFull", "overloaded", "storageFailed"]);

/** Bytes that are gathered, then read from any place as often as anybody wants, then let go. */
export class Spool {
  /** How many were written. */
  bytes = 0;
  readonly #spools: Spools;
  #memory: Uint8Array | null = NOTHING;
  #fd: number | null = null;
  #prompt: PromptFiles | null = null;
  #failure: Failure | null = null;
  #underWay = 0;
  #isClosed = false;

  constructor(spools: Spools) {
    this.#spools = spools;
  }

  /** All that was written, while it is in memory: until more is written, or it is closed. */
  get memory(): Uint8Array | null {
    return this.#memory === null ? null : this.#memory.subarray(0, this.bytes);
  }

  /**
   * The file that holds all, where that is none of memory: its own to close. It stands at its
   * beginning, for who inherits it and reads: nothing here moves it.
   */
  get fd(): number | null {
    return this.#fd;
  }

  /**
   * Takes `piece`, which is the caller's again when that is known; one at a time. Failures:
   * storageFull, overloaded, storageFailed, and then always.
   */
  write(piece: Uint8Array): Failure | null | Promise<Failure | null> {
    if (this.#isClosed) throw new Error("the spool is closed");
    if (this.#failure !== null || this.#keep(piece)) return this.#failure;
    if (this.#fd === null) return this.#busy(() => this.#moveToFile(piece));
    // Without a promise where the kernel only notes it, as for most pieces of a large body.
    let done = 0;
    try {
      done = writeAtOnce(this.#prompt!, this.#fd, piece, this.bytes);
    } catch (error) {
      return this.#fail(error);
    }
    this.bytes += done;
    return done === piece.length ? null : this.#busy(() => this.#append(piece.subarray(done)));
  }

  /** Reads into `into` from `at` on. Resolves with how many bytes that were; 0 at the end. */
  async read(into: Uint8Array, at: number): Promise<number> {
    if (this.#isClosed) throw new Error("the spool is closed");
    if (this.#memory === null) {
      const { system } = this.#spools;
      return this.#busy(() => system.read(this.#fd!, into, 0, into.length, at));
    }
    const found = this.#memory.subarray(at, Math.min(this.bytes, at + into.length));
    into.set(found);
    return found.length;
  }

  /** Lets go of everything, of what is being written or read when that is done. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#forgetMemory();
    if (this.#underWay === 0) this.#closeFile();
  }

  /** Copies `piece` to memory, if it belongs there. */
  #keep(piece: Uint8Array): boolean {
    const memory = this.#memory;
    const bytes = this.bytes + piece.length;
    if (memory === null || bytes > MEMORY_BYTES_A_SPOOL) return false;
    if (bytes > memory.length) {
      const wanted = Math.max(bytes, 2 * memory.length, FIRST_BYTES);
      const capacity = Math.min(wanted, MEMORY_BYTES_A_SPOOL);
      if (!this.#spools.tryReserve(capacity - memory.length)) return false;
      this.#memory = Buffer.allocUnsafeSlow(capacity);
      this.#memory.set(memory.subarray(0, this.bytes));
    }
    this.#memory!.set(piece, this.bytes);
    this.bytes = bytes;
    return true;
  }

  async #moveToFile(piece: Uint8Array): Promise<Failure | null> {
    try {
      this.#prompt = await this.#spools.prompt();
      this.#fd = await this.#spools.openFile(this.#prompt);
      const { memory } = this;
      if (memory === null) return null; // closed meanwhile
      await writeAll(this.#prompt, this.#fd, memory, 0, () => !this.#isClosed);
    } catch (error) {
      return this.#fail(error);
    }
    this.#forgetMemory();
    return this.#append(piece);
  }

  async #append(piece: Uint8Array): Promise<Failure | null> {
    try {
      await writeAll(this.#prompt!, this.#fd!, piece, this.bytes, () => !this.#isClosed);
      this.bytes += piece.length;
      return null;
    } catch (error) {
      return this.#fail(error);
    }
  }

  #fail(error: unknown): Failure {
    this.#failure = this.#spools.failureOf(error);
    return this.#failure;
  }

  // A descriptor that is closed under a call may be another file's when the call is made.
  async #busy<T>(call: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await call();
    } finally {
      this.#underWay -= 1;
      if (this.#isClosed && this.#underWay === 0) this.#closeFile();
    }
  }

  #forgetMemory(): void {
    this.#spools.giveBack(this.#memory?.length ?? 0);
    this.#memory = null;
  }

  // By the thread pool: the last close of a large file that has no name gives back its blocks.
  #closeFile(): void {
    const fd = this.#fd;
    this.#fd = null;
    // What is lost by it was to be lost.
    if (fd !== null) void this.#spools.system.close(fd).catch(() => undefined);
  }
}
