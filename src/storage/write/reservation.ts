// Room for a file: of the quota, and on the disk. Asked for before the disk is touched where it is
// known how much comes, and in steps as it comes where it is not.
import { Failure } from "../../base/failure.ts";
import { writeFailureOf, type StorageFailureCode } from "../failures.ts";
import type { FileSystem } from "../file-system.ts";
import type { StoreOptions } from "./options.ts";

/** Steps are as large as what came before them: who sends little, and slowly, holds little. */
const STEP_BYTES_MIN = 64 * 1024;
const STEP_BYTES_MAX = 8 * 1024 * 1024;
/** How long the system's word counts, less what was promised since. */
const FREE_TRUSTED_MS = 1000;

type Refusal = Failure<StorageFailureCode> | null;

/** What is free on the disk that a store is on. */
export class FreeSpace {
  readonly #folder: string;
  readonly #floorBytes: number;
  readonly #options: StoreOptions;
  readonly #system: FileSystem;
  #bytes = 0;
  #askedMs = -Infinity;

  constructor(folder: string, options: StoreOptions, system: FileSystem) {
    this.#folder = folder;
    this.#floorBytes = options.freeBytesMin;
    this.#options = options;
    this.#system = system;
  }

  /** Why `bytes` more can't be written; null: they can. */
  async promise(bytes: number): Promise<Refusal> {
    const nowMs = this.#options.clock.monotonicMs();
    // Before a refusal the system is asked again: somebody may have made room.
    const isStale = nowMs - this.#askedMs >= FREE_TRUSTED_MS;
    if (isStale || this.#bytes - bytes < this.#floorBytes) {
      try {
        this.#bytes = await this.#system.freeBytesAt(this.#folder);
      } catch (error) {
        return writeFailureOf(error, `free space of ${this.#folder}`, this.#options.log);
      }
      this.#askedMs = nowMs;
    }
    if (this.#bytes - bytes < this.#floorBytes) {
      return new Failure("storageFull", `${this.#folder}: ${this.#bytes} bytes are free`);
    }
    this.#bytes -= bytes;
    return null;
  }
}

/** What one draft may take. */
export class Reservation {
  readonly #folder: string;
  readonly #free: FreeSpace;
  readonly #options: StoreOptions;
  #reservedBytes = 0;
  #coveredBytes = 0;
  #last: Promise<Refusal> = Promise.resolve(null);

  /** `folder`: as the account knows it. */
  constructor(folder: string, free: FreeSpace, options: StoreOptions) {
    this.#folder = folder;
    this.#free = free;
    this.#options = options;
  }

  /** Whether so many bytes may be written without asking. */
  covers(bytes: number): boolean {
    return bytes <= this.#coveredBytes;
  }

  /** Asks for room for `bytes` in all. `isExact`: no more will come. */
  cover(bytes: number, isExact: boolean): Promise<Refusal> {
    this.#last = this.#last.then((refusal) => refusal ?? this.#grow(bytes, isExact));
    return this.#last;
  }

  /** Nothing more comes; of what came, `actualBytes` stay. Once. */
  settle(actualBytes: number): void {
    if (this.#options.quotaBytes === null) return;
    this.#options.account.settle(this.#folder, this.#reservedBytes, actualBytes);
    this.#reservedBytes = 0;
  }

  async #grow(bytes: number, isExact: boolean): Promise<Refusal> {
    if (this.covers(bytes)) return null;
    const least = bytes - this.#coveredBytes;
    // Near its end a quota has room for what comes, and not for a step.
    const step = isExact ? least : Math.max(least, this.#nextStep());
    const granted = (await this.#reserve(step)) ? step : (await this.#reserve(least)) ? least : 0;
    if (granted === 0) return new Failure("quotaExceeded", `${this.#folder}: ${bytes} bytes`);
    const refusal = await this.#free.promise(least);
    if (refusal === null) this.#coveredBytes += granted;
    return refusal;
  }

  #nextStep(): number {
    return Math.min(STEP_BYTES_MAX, Math.max(STEP_BYTES_MIN, this.#coveredBytes));
  }

  async #reserve(bytes: number): Promise<boolean> {
    const { account, quotaBytes } = this.#options;
    if (quotaBytes === null) return true;
    if (!(await account.reserve(this.#folder, bytes, quotaBytes))) return false;
    this.#reservedBytes += bytes;
    return true;
  }
}
