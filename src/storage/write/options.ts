// What a store is told, and what it needs of those above it.
import type { Clock } from "../../base/clock.ts";
import type { Failure } from "../../base/failure.ts";
import type { Log } from "../../base/log.ts";
import type { OpenFile } from "../open-file.ts";
import type { Draft } from "./sealed.ts";
import type { NameRule } from "./names.ts";

export interface StoreOptions {
  /** Absolute. It is made where it is missing. */
  readonly folder: string;
  /** Of files; a folder that is made can be entered by whom its files can be read by. */
  readonly mode: number;
  /** "none": a crash of the machine (not of the program) may lose what was acknowledged. */
  readonly durability: "fsync" | "none";
  /** Whether SHA-256 is taken on the way. */
  readonly digest: boolean;
  /** How much all files of the folder may be; null: the account is not asked. */
  readonly quotaBytes: number | null;
  /** What must stay free on the disk. */
  readonly freeBytesMin: number;
  /** Left out: "safe". */
  readonly names?: NameRule;
  readonly locks: Locks;
  readonly account: Account;
  readonly clock: Clock;
  readonly log: Log;
  /** Names changed: called before the writer is told. */
  onWritten(): void;
}

/** Who may write names now, of all threads. */
export interface Locks {
  /** All of `names`, once they are free; null where they were not in time. */
  acquire(names: readonly string[], options: { waitMs: number }): Promise<Leases | null>;
}

export interface Leases {
  release(): void;
}

/** How much is in a folder, for all threads. */
export interface Account {
  /** Whether `bytes` more may be taken, within `limit`. */
  reserve(folder: string, bytes: number, limit: number): Promise<boolean>;
  /** Of `reserved`, `actual` stay: 0 where it was dropped, below 0 where more went than came. */
  settle(folder: string, reserved: number, actual: number): void;
}

/** What happens where the name is taken: 409, the new one in its place, another name, or 409
 *  unless the bytes are equal. */
export type OnConflict = "reject" | "replace" | "rename" | "same";

/** Asked under the name's lease with what is there now (null: nothing). A Failure refuses. */
export type Condition = (current: OpenFile | null) => Failure | null;

/** A sealed draft, and where it is to be. */
export interface Placing {
  readonly draft: Draft;
  /** May be a path: missing folders are made. */
  readonly name: string;
  readonly how: OnConflict;
  readonly condition?: Condition;
}

export interface Stored {
  /** The one it has, which may be another than the one it was meant to have. */
  readonly name: string;
  /** false: it took the place of another, or was there already. */
  readonly created: boolean;
  /** false: equal bytes were there already, and stay as they are. */
  readonly written: boolean;
  readonly bytes: number;
  readonly sha256: Uint8Array | null;
  /** As `OpenFile.etag`. */
  readonly etag: string;
  readonly mtimeMs: number;
}
