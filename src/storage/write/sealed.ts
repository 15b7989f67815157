// A file that is being written, as who writes it sees it.
import type { BigIntStats } from "node:fs";
import type { Failure } from "../../base/failure.ts";

export interface Draft {
  /** What was written to it so far. */
  readonly bytes: number;
  /** For programs that can only read a named file; valid until it is placed or dropped. */
  readonly path: string;
  /** `piece` may be used again once that is known; a big one is not copied. */
  write(piece: Uint8Array): Failure | null | Promise<Failure | null>;
  /** Everything written is on the disk, and no descriptor open. */
  seal(): Promise<Sealed | Failure>;
  /** Nothing of it is left. The second time it does nothing, nor once it is placed. */
  drop(): Promise<void>;
}

export interface Sealed {
  readonly bytes: number;
  readonly sha256: Uint8Array | null;
}

/** What is known of a sealed draft: its state stays when it is given a name. */
export interface SealedState extends Sealed {
  readonly stats: BigIntStats;
  /** Whether the digest is kept with the file itself. */
  readonly isDigestKept: boolean;
}
