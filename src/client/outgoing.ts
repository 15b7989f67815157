import type { ClientFailure } from "./failure.ts";

/** A body of known length on its way out. Made anew for each attempt: a redirect wants it again. */
export interface OutgoingBody {
  readonly bytes: number;
  /**
   * What comes next, null behind the last. A piece is the caller's until the call after the next,
   * so that one can be read while the one before is on its way.
   */
  next(): Promise<Uint8Array | null | ClientFailure>;
  /** Idempotent, never throws. */
  close(): Promise<void>;
}
